/**
 * How fast this engine and this machine are: one way of measuring, for {@code yuntai bench} and for
 * the comparison with peers alike.
 *
 * <p>Measures what the engine offers to everybody, from outside: a decoder with made-up tokens, an
 * engine with generations, the memory and the arithmetic below them. Returns every single
 * repetition; what to quote of them is the caller's business. The engine itself must not know this
 * package.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.measure;
