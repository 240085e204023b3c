package io.yuntai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.engine.kernel.KernelChoice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandTreeTest {
  private static final List<String> KERNELS = KernelChoice.names();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private CommandLine tree(Map<String, String> environment) {
    return CommandTree.of(context(environment));
  }

  private CliContext context(Map<String, String> environment) {
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "",
            80,
            environment);
    return new CliContext(screen, Messages.in("en"), environment);
  }

  private int run(String... arguments) {
    return CommandTree.of(context(Map.of()), arguments).execute(arguments);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyCommandExplainsItselfWithExamples() {
    explain(tree(Map.of()));
  }

  private static void explain(CommandLine command) {
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          assertThat(sub.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
          assertThat(sub.getUsageMessage()).as(name).contains("--help");
          explain(sub);
        });
  }

  @Test
  void anUnknownCommandSuggestsANearOne() {
    assertThat(run("stats")).isEqualTo(2);
    assertThat(errors()).contains("stats").contains("status");
  }

  @Test
  void anUnknownOptionSuggestsANearOne() {
    assertThat(run("status", "--jsn")).isEqualTo(2);
    assertThat(errors()).contains("--jsn").contains("--json");
  }

  @Test
  void anUnknownModelIsNotFoundAndNamesNearOnes(@TempDir Path home) {
    assertThat(run("show", "qwen2.5-coder:0.6b", "--home", home.toString())).isEqualTo(5);
    assertThat(errors()).contains("qwen2.5-coder:0.6b").contains("qwen2.5-coder:0.5b");
  }

  @Test
  void nothingRunningIsUnreachable(@TempDir Path home) {
    assertThat(run("status", "--home", home.toString())).isEqualTo(3);
    assertThat(run("down", "--home", home.toString())).isZero();
  }

  @Test
  void theEnvironmentNamesTheHomeAndAFlagGoesBeforeIt(@TempDir Path folder) {
    Map<String, String> environment =
        Map.of("YUNTAI_HOME", folder.resolve("from-environment").toString());
    assertThat(tree(environment).execute("status")).isEqualTo(3);
    assertThat(errors()).contains("from-environment");
    assertThat(
            tree(environment).execute("status", "--home", folder.resolve("from-flag").toString()))
        .isEqualTo(3);
    assertThat(errors()).contains("from-flag");
  }

  @Test
  void withoutKeysNobodyListensBeyondLoopback(@TempDir Path home) {
    assertThat(run("up", "--no-keys", "--host", "0.0.0.0", "--home", home.toString())).isEqualTo(1);
    assertThat(errors()).contains("--no-keys").contains("0.0.0.0");
  }

  @Test
  void rangesAreNamed() {
    assertThat(run("run", "smollm2:135m", "Hi", "--temperature", "3")).isEqualTo(2);
    assertThat(errors()).contains("--temperature must be between 0 and 2");
  }

  @Test
  void anUnknownKernelIsRefusedWithThoseThatRunHere(@TempDir Path home) {
    for (String command : List.of("up", "run model", "bench model", "model perplexity model .")) {
      err.reset();
      String line = command + " --kernel abacus --home " + home;
      assertThat(run(line.split(" "))).as(command).isEqualTo(2);
      assertThat(errors())
          .as(command)
          .isEqualTo(
              "yuntai: --kernel: there is no kernel abacus on this machine, which runs %s.%n",
              String.join(", ", KERNELS));
    }
  }

  @Test
  void theEnvironmentNamesTheKernel(@TempDir Path home) {
    int code =
        tree(Map.of("YUNTAI_KERNEL", "abacus")).execute("run", "model", "--home", home.toString());
    assertThat(code).isEqualTo(2);
    assertThat(errors()).contains("abacus").contains("scalar");
  }
}
