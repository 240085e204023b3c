package io.yuntai.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
  /** A parent that tells its child's id and waits. */
  static final class Parent {
    @SuppressWarnings("SystemOut") // stdout is how the test hears of it
    public static void main(String[] arguments) throws IOException, InterruptedException {
      Process child = ChildProcess.start(new ProcessBuilder(List.of(arguments)));
      System.out.println(child.pid());
      child.waitFor();
    }
  }

  @Test
  void childrenEndWithAParentThatIsTerminated() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process parent =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                "sleep",
                "600")
            .start();
    try (BufferedReader lines = parent.inputReader()) {
      ProcessHandle child = ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();
      assertThat(child.isAlive()).isTrue();
      parent.destroy();
      assertThat(child.onExit().get(60, TimeUnit.SECONDS).isAlive()).isFalse();
    } finally {
      parent.destroyForcibly();
    }
  }
}
