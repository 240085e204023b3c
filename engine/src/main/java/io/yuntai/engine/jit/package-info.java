/**
 * Machine code made at run time: an x86-64 assembler for the few instructions that our kernels use,
 * what the processor can do, and executable memory.
 *
 * <p>Knows nothing of models or matrices. Where the system or the processor can't, {@link
 * io.yuntai.engine.jit.CpuFeatures} says so and callers stay with the Vector API.
 */
@NullMarked
package io.yuntai.engine.jit;

import org.jspecify.annotations.NullMarked;
