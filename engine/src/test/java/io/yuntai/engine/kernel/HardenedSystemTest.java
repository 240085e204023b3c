package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the system refuses executable memory, the Vector API serves, and one can read why. */
class HardenedSystemTest {
  @Test
  void fallsBackToTheVectorApiAndSaysWhy() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                // The JVM's own compiler needs executable memory too, and gets it before.
                "-XX:InitialCodeCacheSize=32m",
                "-XX:ReservedCodeCacheSize=32m",
                "-cp",
                System.getProperty("java.class.path"),
                HardenedSystem.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines = process.inputReader().readAllLines();
    assertThat(process.waitFor()).isZero();
    assertThat(lines).hasSize(3);

    boolean refused = Boolean.parseBoolean(lines.get(0));
    List<String> kernels = List.of(lines.get(1).split(" "));
    if (refused) {
      assertThat(kernels).hasSize(2);
      assertThat(kernels.getFirst()).startsWith("vector-");
      boolean x64 = System.getProperty("os.arch").equals("amd64");
      assertThat(lines.get(2))
          .contains(x64 ? "refuses to make memory executable" : "Linux on x86-64 only");
    }
    assertThat(kernels).contains("scalar");
  }
}
