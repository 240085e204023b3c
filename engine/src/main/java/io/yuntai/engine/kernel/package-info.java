/**
 * Matrix products, attention, normalisation: the scalar reference, and Vector API kernels that
 * equal it bit for bit.
 *
 * <p>Lane = row: nothing is ever summed across lanes, so a result depends neither on the vector
 * width nor on batch, chunk or threads.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.kernel;
