/**
 * Models written anew in other tensor types: how floats become blocks, which type each tensor gets
 * (a {@link io.yuntai.engine.quantize.Recipe}), and the streaming from a source to a GGUF file.
 *
 * <p>The same source and recipe give the same bytes on every machine and with any number of
 * threads: every row is encoded by itself, with additions, multiplications and divisions alone.
 * Memory is bounded by a few chunks of rows, whatever the model's size. Knows nothing of what a
 * model computes, nor where its weights come from.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.quantize;
