package io.yuntai.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.cli.rehearsal.TinyModel;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat in a real pseudo-terminal, which {@code script} of util-linux makes. */
class ChatTerminalIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CTRL_C = "\u0003";

  @TempDir private Path folder;

  private Path screen;
  private Process process;

  private String shown() throws Exception {
    return Files.readString(screen, StandardCharsets.UTF_8);
  }

  private void type(String keys) throws Exception {
    OutputStream stdin = process.getOutputStream();
    stdin.write(keys.getBytes(StandardCharsets.UTF_8));
    stdin.flush();
  }

  @AfterEach
  void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Test
  void ctrlCStopsTheAnswerAndNotTheProgram() throws Exception {
    YuntaiProcess yuntai = new YuntaiProcess(folder);
    Path model = folder.resolve("tiny.gguf");
    TinyModel.write(model, 4096);
    screen = folder.resolve("screen.txt");
    ProcessBuilder inner = yuntai.builder();
    // Ctrl-C reaches every process of the terminal; a shell that waited for the chat would end by
    // it.
    String command =
        "stty cols 100 rows 30; exec '"
            + inner.command().getFirst()
            + "' run '"
            + model
            + "' --max-tokens 4000 --stats";
    ProcessBuilder builder =
        new ProcessBuilder(
                "script", "--quiet", "--flush", "--return", "--command", command, "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile());
    builder.environment().putAll(inner.environment());
    builder.environment().put("TERM", "xterm");
    builder.environment().put("SHELL", "/bin/sh"); // script starts the command by it
    process = builder.start();

    await().atMost(PATIENCE).until(() -> shown().contains(">>> "));
    type("go on\r");
    await().atMost(PATIENCE).until(() -> shown().matches("(?s).*[a-z]{40}.*"));
    type(CTRL_C);
    await().atMost(PATIENCE).until(() -> shown().contains("(stopped)"));
    assertThat(shown()).contains("ended by cancelled");

    type("/help\r");
    await().atMost(PATIENCE).until(() -> shown().contains("/clear"));
    type("/bye\r");
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
