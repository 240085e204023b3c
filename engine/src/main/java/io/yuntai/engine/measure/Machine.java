package io.yuntai.engine.measure;

import io.yuntai.engine.PhysicalCores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What figures depend on.
 *
 * @param processor its name
 * @param cores physical cores
 * @param system operating system and its kernel's version
 * @param java the JVM's version
 * @param loadAverage processes that wanted to run in the last minute, before the measurement; -1
 *     where the system does not tell
 */
public record Machine(String processor, int cores, String system, String java, double loadAverage) {
  /** This one, now. */
  public static Machine here() {
    return new Machine(
        processorName(),
        PhysicalCores.count(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.version"),
        loadAverageNow());
  }

  /** Whether others use the machine, so that figures mean little. */
  public boolean hasOtherWork() {
    return loadAverage > cores / 2.0;
  }

  private static String processorName() {
    return firstValue("model name")
        .map(name ->
            name
                + firstValue("cpu family").map(family -> ", family " + family).orElse("")
                + firstValue("model\t").map(model -> " model " + model).orElse(""))
        .orElse(System.getProperty("os.arch"));
  }

  private static Optional<String> firstValue(String key) {
    return lines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  private static double loadAverageNow() {
    return lines(Path.of("/proc/loadavg")).stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(0, line.indexOf(' '))))
        .findFirst()
        .orElse(-1);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of(); // another system than Linux
    }
  }
}
