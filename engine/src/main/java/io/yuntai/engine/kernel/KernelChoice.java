package io.yuntai.engine.kernel;

import io.yuntai.engine.jit.ExecutableMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The kernels that run on this machine, the fastest first. */
public final class KernelChoice {
  /** What stands for the fastest. */
  public static final String AUTO = "auto";

  private KernelChoice() {}

  /** Kernels that run here, not made yet: machine code costs time and pages. */
  private record Candidate(String name, Supplier<Kernels> maker) {}

  private static List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    for (InstructionSet instructions : InstructionSet.available()) {
      candidates.add(
          new Candidate(instructions.kernelName(), () -> new AssembledKernels(instructions)));
    }
    for (Kernels anywhere : List.of(new VectorKernels(), new ScalarKernels())) {
      candidates.add(new Candidate(anywhere.name(), () -> anywhere));
    }
    return candidates;
  }

  /** All that run here; never empty, since the Vector API and the scalar reference run anywhere. */
  public static List<Kernels> available() {
    return candidates().stream().map(candidate -> candidate.maker().get()).toList();
  }

  /** What those that run here are called. */
  public static List<String> names() {
    return candidates().stream().map(Candidate::name).toList();
  }

  /** Why no machine code of ours runs here, as the end of a sentence; empty where it does. */
  public static String assembledObstacle() {
    if (!InstructionSet.available().isEmpty()) {
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
    List<Candidate> candidates = candidates();
    for (Candidate candidate : candidates) {
      boolean isVector = name.equals("vector") && candidate.name().startsWith("vector-");
      if (name.equals(AUTO) || name.equals(candidate.name()) || isVector) {
        return candidate.maker().get();
      }
    }
    throw new IllegalArgumentException(
        "there is no kernel %s on this machine, which runs %s"
            .formatted(
                name, candidates.stream().map(Candidate::name).collect(Collectors.joining(", "))));
  }
}
