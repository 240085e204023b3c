package io.yuntai.engine.kernel;

import java.util.List;

/** The kernels that parity tests judge by the scalar reference. */
public final class KernelsUnderTest {
  private KernelsUnderTest() {}

  /** All that run here; where the build asks for a vector width, only what depends on it. */
  public static List<Kernels> list() {
    boolean widthIsGiven = System.getProperty("yuntai.vector.bits") != null;
    return KernelChoice.available().stream()
        .filter(kernels -> !(kernels instanceof ScalarKernels))
        .filter(kernels -> !widthIsGiven || kernels instanceof VectorKernels)
        .toList();
  }
}
