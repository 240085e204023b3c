/**
 * Tensor element types: one file per quantisation, each turning one block of bytes into integer
 * codes and scales.
 *
 * <p>Dequantisation, the scalar reference and the packer of the kernels all stand on {@link
 * io.yuntai.engine.quant.BlockFormat}, so that a format is described once.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.quant;
