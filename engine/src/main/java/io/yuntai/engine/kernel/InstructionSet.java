package io.yuntai.engine.kernel;

import io.yuntai.engine.jit.CpuFeatures;
import java.util.Arrays;
import java.util.List;

/** What machine code is made for; the fastest first. */
enum InstructionSet {
  /** 512-bit vectors, byte dot products, and matrix instructions for many tokens. */
  AMX_INT8("amx-int8"),
  /** 512-bit vectors, byte dot products. */
  AVX512_VNNI("avx512-vnni"),
  /** 256-bit vectors, byte dot products. */
  AVX_VNNI("avx-vnni"),
  /** 256-bit vectors. */
  AVX2("avx2");

  private final String kernelName;

  InstructionSet(String kernelName) {
    this.kernelName = kernelName;
  }

  /** What kernels for it are called. */
  String kernelName() {
    return kernelName;
  }

  /** Those that this processor has and this system lets run. */
  static List<InstructionSet> available() {
    CpuFeatures features = CpuFeatures.detect();
    return Arrays.stream(values()).filter(set -> set.isIn(features)).toList();
  }

  private boolean isIn(CpuFeatures features) {
    return switch (this) {
      case AMX_INT8 -> features.amxInt8();
      case AVX512_VNNI -> features.avx512Vnni();
      case AVX_VNNI -> features.avxVnni();
      case AVX2 -> features.avx2();
    };
  }

  /** Whether vectors of 512 bits and masks are there. */
  boolean hasWideVectors() {
    return switch (this) {
      case AMX_INT8, AVX512_VNNI -> true;
      case AVX_VNNI, AVX2 -> false;
    };
  }

  /**
   * Code for products with matrices of this one's format.
   *
   * @param tokens 1 to {@link Activations#BUNDLE}
   */
  byte[] product(PackedMatrix matrix, Activations.Form form, int tokens) {
    return switch (this) {
      case AMX_INT8, AVX512_VNNI -> AssembledProduct.assemble(matrix, form, tokens);
      case AVX_VNNI -> Avx2Product.assemble(matrix, form, tokens, true);
      case AVX2 -> Avx2Product.assemble(matrix, form, tokens, false);
    };
  }
}
