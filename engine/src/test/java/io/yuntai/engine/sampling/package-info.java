/** Tests of sampling against naive statements of its definition. */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.sampling;
