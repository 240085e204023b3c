package io.yuntai.cli.doctor;

import io.yuntai.cli.terminal.Units;
import io.yuntai.engine.MachineMemory;
import io.yuntai.engine.PhysicalCores;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.server.HomeDirectory;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The machine itself: JDK, CPU, kernel, memory, disk. */
final class MachineChecks {
  private static final long GIB = 1L << 30;
  private static final List<String> FEATURES =
      List.of(
          "avx2",
          "fma",
          "f16c",
          "avx512f",
          "avx512bw",
          "avx512_vnni",
          "avx512_bf16",
          "asimd",
          "asimddp",
          "i8mm",
          "sve");

  private MachineChecks() {}

  static Finding jdk() {
    String text = Runtime.version() + " from " + System.getProperty("java.home");
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? Finding.ok("JDK", text)
        : Finding.problem("JDK", text + ", without the Vector API", "start by the yuntai script");
  }

  static Finding cpu() throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    String cores = PhysicalCores.count() + " cores, " + threads + " threads";
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return Finding.ok("CPU", System.getProperty("os.arch") + ", " + cores);
    }
    String model = System.getProperty("os.arch");
    Set<String> flags = Set.of();
    for (String line : Files.readAllLines(info)) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("model name")) {
        model = value;
      } else if (line.startsWith("flags") || line.startsWith("Features")) {
        flags = Set.of(value.split("\\s+"));
      }
    }
    List<String> known = new ArrayList<>(FEATURES);
    known.retainAll(flags);
    return Finding.ok(
        "CPU", model + ", " + cores + (known.isEmpty() ? "" : ", " + String.join(" ", known)));
  }

  /** Which kernels are chosen and why, which others run here, and why faster ones don't. */
  static Finding kernel(Map<String, String> environment) {
    List<String> names = KernelChoice.names();
    String wanted = environment.getOrDefault("YUNTAI_KERNEL", "");
    String chosen;
    try {
      chosen = KernelChoice.named(wanted.isEmpty() ? KernelChoice.AUTO : wanted).name();
    } catch (IllegalArgumentException e) {
      return Finding.problem("kernel", "YUNTAI_KERNEL: " + e.getMessage(), "name one of these");
    }
    List<String> others = new ArrayList<>(names);
    others.remove(chosen);
    String also = "; others here (--kernel NAME): " + String.join(", ", others);
    if (!chosen.equals(names.getFirst())) {
      return Finding.warning(
          "kernel",
          chosen + ": YUNTAI_KERNEL asks for it" + also,
          "without YUNTAI_KERNEL it would be " + names.getFirst() + ", the fastest");
    }
    String obstacle = KernelChoice.assembledObstacle();
    if (obstacle.isEmpty()) {
      return Finding.ok("kernel", chosen + ": machine code made for this CPU, the fastest" + also);
    }
    String text = chosen + ": the Vector API, without machine code: " + obstacle + also;
    return KernelChoice.isRefused()
        ? Finding.warning(
            "kernel",
            text,
            "answers come several times faster where the process may make memory executable: look at its seccomp or SELinux policy")
        : Finding.ok("kernel", text);
  }

  static Finding memory() {
    long available = MachineMemory.availableBytes();
    String text =
        Units.bytes(available) + " of " + Units.bytes(MachineMemory.totalBytes()) + " available";
    if (available < GIB) {
      return Finding.problem("memory", text, "close other programs; the smallest models need 1 GB");
    }
    return available < 3 * GIB
        ? Finding.warning("memory", text, "enough for models up to about 0.5 B weights only")
        : Finding.ok("memory", text);
  }

  static Finding disk(HomeDirectory home) throws IOException {
    Path existing = home.path();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isWritable(existing)) {
      return Finding.problem(
          "disk", existing + " is not writable", "choose another home with --home or YUNTAI_HOME");
    }
    FileStore store = Files.getFileStore(existing);
    long free = store.getUsableSpace();
    String text = Units.bytes(free) + " free for " + home.path();
    if (free < GIB) {
      return Finding.problem("disk", text, "free some, or choose another home with --home");
    }
    return free < 5 * GIB
        ? Finding.warning("disk", text, "enough for one small model")
        : Finding.ok("disk", text);
  }
}
