package io.yuntai.engine.kernel;

import io.yuntai.engine.jit.ExecutableMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The kernels that run on this machine, the fastest first. */
public final class KernelChoice {
  /** What stands for the fastest. */
  public static final String AUTO = "auto";

  private KernelChoice() {}

  /** All that run here; never empty, since the Vector API and the scalar reference run anywhere. */
  public static List<Kernels> available() {
    List<Kernels> kernels = new ArrayList<>(AssembledKernels.available());
    kernels.add(new VectorKernels());
    kernels.add(new ScalarKernels());
    return kernels;
  }

  /** Why no machine code of ours runs here, as the end of a sentence; empty where it does. */
  public static String assembledObstacle() {
    if (!AssembledKernels.available().isEmpty()) {
      return "";
    }
    if (!ExecutableMemory.isSupported()) {
      return "it is made for Linux on x86-64 only, and this is %s on %s"
          .formatted(System.getProperty("os.name"), System.getProperty("os.arch"));
    }
    return isRefused()
        ? "the system refuses to make memory executable"
        : "the processor has no AVX2, FMA and F16C";
  }

  /** Whether machine code could run here, did the system not refuse memory for it. */
  public static boolean isRefused() {
    return ExecutableMemory.isRefused();
  }

  /**
   * Kernels by name.
   *
   * @param name {@link #AUTO}, or what {@link Kernels#name} says; {@code vector} stands for the
   *     Vector API at this processor's width
   * @throws IllegalArgumentException when no such kernels run here
   */
  public static Kernels named(String name) {
    List<Kernels> available = available();
    for (Kernels kernels : available) {
      boolean isVector = name.equals("vector") && kernels instanceof VectorKernels;
      if (name.equals(AUTO) || name.equals(kernels.name()) || isVector) {
        return kernels;
      }
    }
    throw new IllegalArgumentException(
        "there is no kernel %s on this machine, which runs %s"
            .formatted(
                name, available.stream().map(Kernels::name).collect(Collectors.joining(", "))));
  }
}
