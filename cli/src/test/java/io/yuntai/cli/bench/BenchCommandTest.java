package io.yuntai.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.rehearsal.TinyModel;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private static final int CONTEXT_TOKENS = 256;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void writeModel() throws IOException {
    TinyModel.write(model(), CONTEXT_TOKENS);
  }

  private Path model() {
    return folder.resolve("tiny.gguf");
  }

  private int bench(String... arguments) {
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "",
            80,
            Map.of());
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.toString()));
    CommandLine command =
        new CommandLine(new BenchCommand(new CliContext(screen, Messages.in("en"), Map.of())));
    command.setErr(new java.io.PrintWriter(err, true, StandardCharsets.UTF_8));
    command.setExecutionExceptionHandler((failure, _, _) -> {
      if (!(failure instanceof CommandException known)) {
        throw failure;
      }
      screen.note(String.valueOf(known.getMessage()));
      return known.exitCode().number();
    });
    return command.execute(all.toArray(String[]::new));
  }

  private JsonNode json() {
    return new JsonMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void jsonHoldsEveryRepetitionOfEveryPhase() {
    assertThat(
            bench(
                model().toString(),
                "--prompt",
                "8,40",
                "--generate",
                "2",
                "--decode-prompt",
                "6",
                "--batch",
                "1,3",
                "--threads",
                "1",
                "--repeat",
                "2",
                "--json"))
        .isZero();
    JsonNode json = json();
    assertThat(json.propertyNames())
        .containsExactly("model", "kernel", "threads", "prefill", "decode");
    assertThat(json.at("/model").asString()).isEqualTo("tiny.gguf");
    assertThat(json.at("/kernel").asString()).isNotBlank();
    assertThat(json.at("/threads").asInt()).isEqualTo(1);
    assertThat(json.at("/prefill")).hasSize(2);
    assertThat(json.at("/prefill/1").propertyNames())
        .containsExactly("tokens", "tokens_per_second");
    assertThat(json.at("/prefill/1/tokens").asInt()).isEqualTo(40);
    assertThat(json.at("/prefill/1/tokens_per_second"))
        .hasSize(2)
        .allMatch(speed -> speed.asDouble() > 0);
    assertThat(json.at("/decode")).hasSize(2);
    assertThat(json.at("/decode/1").propertyNames())
        .containsExactly("streams", "prompt", "generate", "tokens_per_second");
    assertThat(json.at("/decode/1/streams").asInt()).isEqualTo(3);
    assertThat(json.at("/decode/1/prompt").asInt()).isEqualTo(6);
    assertThat(json.at("/decode/1/generate").asInt()).isEqualTo(2);
    assertThat(json.at("/decode/1/tokens_per_second")).hasSize(2);
    assertThat(errors()).isEmpty();
  }

  @Test
  void aTableShowsLeastMedianAndGreatest() {
    assertThat(
            bench(
                model().toString(),
                "--prompt",
                "8",
                "--generate",
                "1",
                "--batch",
                "1",
                "--repeat",
                "1"))
        .isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsPattern("tokens per second +min +median +max")
        .containsPattern("prefill, 8 tokens +[\\d.]+ +[\\d.]+ +[\\d.]+")
        .containsPattern("decode, 1 stream +[\\d.]+");
    assertThat(errors()).contains("tiny.gguf, kernel ", "1 repetition");
  }

  @Test
  void theMachineIsMeasuredWithoutAModel() {
    assertThat(bench("--machine", "--threads", "1", "--repeat", "1", "--json")).isZero();
    JsonNode json = json();
    assertThat(json.propertyNames()).containsExactly("processor", "cores", "memory_read", "peaks");
    assertThat(json.at("/memory_read/0/bytes_per_second/0").asDouble()).isPositive();
    assertThat(json.at("/peaks/0/name").asString()).isEqualTo("f32 fma");
    assertThat(json.at("/peaks/0/multiply_adds_per_second/0").asDouble()).isPositive();
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedWithBothNumbers() {
    assertThat(bench(model().toString(), "--prompt", "300")).isEqualTo(2);
    assertThat(errors()).contains("tiny.gguf takes at most 256 tokens", "300", "--prompt");
    assertThat(bench(model().toString(), "--prompt", "8", "--generate", "200")).isEqualTo(2);
    assertThat(errors()).contains("328", "--decode-prompt or --generate");
  }

  @Test
  void moreStreamsThanABatchHoldsAreRefused() {
    assertThat(
            bench(
                model().toString(),
                "--prompt",
                "8",
                "--decode-prompt",
                "1",
                "--generate",
                "1",
                "--batch",
                "1000"))
        .isEqualTo(7);
    assertThat(errors()).contains("1000 streams", "take fewer");
  }

  @Test
  void whatCannotBeMeasuredIsAUsageError() {
    assertThat(bench()).isEqualTo(2);
    assertThat(errors()).contains("Name a model");
    assertThat(bench(model().toString(), "--machine")).isEqualTo(2);
    assertThat(bench(model().toString(), "--batch", "0")).isEqualTo(2);
    assertThat(errors()).contains("--batch is 0; it must be from 1 to 1024");
    assertThat(bench(model().toString(), "--repeat", "-1")).isEqualTo(2);
  }
}
