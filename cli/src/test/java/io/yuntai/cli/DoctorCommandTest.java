package io.yuntai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.rehearsal.TinyModel;
import io.yuntai.cli.terminal.CliContext;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor --model}, and {@code --kv-cache} wherever it is an option. */
class DoctorCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void writeModel() throws IOException {
    TinyModel.write(model(), 4096);
  }

  private Path model() {
    return folder.resolve("tiny.gguf");
  }

  private int run(String... arguments) {
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "",
            80,
            Map.of());
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.toString()));
    String[] line = all.toArray(String[]::new);
    return CommandTree.of(new CliContext(screen, Messages.in("en"), Map.of()), line).execute(line);
  }

  /** What doctor says of the model's memory. */
  private String memory(String... options) {
    out.reset();
    List<String> line = new ArrayList<>(List.of("doctor", "--json", "--model", model().toString()));
    line.addAll(List.of(options));
    run(line.toArray(String[]::new));
    for (JsonNode finding :
        new JsonMapper().readTree(out.toString(StandardCharsets.UTF_8)).get("findings")) {
      if (finding.get("subject").asString().equals("model")) {
        return finding.get("text").asString();
      }
    }
    throw new AssertionError("nothing is said of the model");
  }

  @Test
  void memoryIsForetoldPartByPartForTheContextThatIsAskedFor() {
    assertThat(memory("--context", "128"))
        .contains(
            " for a context of 128 tokens: weights ", "keys and values ", "work ", "program ");
    assertThat(memory()).contains(" for a context of 4,096 tokens: ");
  }

  @Test
  void memoryIsForetoldForTheFormatOfKeysAndValues() {
    // Two layers, two heads of 16 elements: 128 of keys and 128 of values a token.
    assertThat(memory("--context", "4096")).contains("keys and values 1.05 MB as f16");
    assertThat(memory("--context", "4096", "--kv-cache", "f32")).contains("2.10 MB as f32");
    assertThat(memory("--context", "4096", "--kv-cache", "bf16")).contains("1.05 MB as bf16");
    assertThat(memory("--context", "4096", "--kv-cache", "q8_0")).contains(" as q8_0");
  }

  @Test
  void aModelThatIsNotHereAndAContextBelowZeroAreRefused() {
    assertThat(run("doctor", "--model", "smollm2:135m")).isEqualTo(5);
    assertThat(errors()).contains("smollm2:135m").contains("yuntai pull smollm2:135m");
    assertThat(run("doctor", "--model", model().toString(), "--context", "-1")).isEqualTo(2);
    assertThat(errors()).contains("--context must be at least 0");
  }

  @Test
  void anUnknownFormatOfKeysAndValuesIsRefusedWithThoseThatThereAre() {
    for (String command : List.of("up", "run tiny", "bench tiny", "doctor --model tiny")) {
      err.reset();
      String line = command.replace("tiny", model().toString()) + " --kv-cache q4_0";
      assertThat(run(line.split(" "))).as(command).isEqualTo(2);
      assertThat(errors())
          .as(command)
          .isEqualTo(
              "yuntai: --kv-cache: keys and values are stored as f32, f16, bf16 or q8_0, not as q4_0.%n",
              "");
    }
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
