package io.yuntai.cli.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.server.AdapterBook;
import io.yuntai.server.HomeDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands do where no server runs: the home remembers. */
class AdaptersCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @TempDir private Path folder = Path.of("");

  private int run(String... arguments) {
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            "",
            80,
            Map.of());
    Map<String, String> environment = Map.of("YUNTAI_HOME", home().toString());
    return AdaptersCommand.tree(new CliContext(screen, Messages.in("en"), environment))
        .execute(arguments);
  }

  private Path home() {
    return folder.resolve("home");
  }

  private List<AdapterBook.Entry> remembered() {
    return new AdapterBook(new HomeDirectory(home())).entries();
  }

  private String said() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  @Test
  void remembersListsAndForgets() throws IOException {
    String file = adapter("sql.gguf");

    assertThat(run("load", "--home", home().toString(), "qwen:0.5b:sql", file)).isZero();
    assertThat(said())
        .isEqualToIgnoringNewLines(
            "Remembered qwen:0.5b:sql: it is loaded whenever a server starts with qwen:0.5b.");
    assertThat(remembered()).containsExactly(new AdapterBook.Entry("qwen:0.5b", "sql", file));
    assertThat(run("list", "--home", home().toString(), "--json")).isZero();
    assertThat(said())
        .contains("\"model\":\"qwen:0.5b:sql\"", "\"state\":\"not loaded\"", "\"remembered\":true");

    Files.delete(Path.of(file));
    assertThat(run("list", "--home", home().toString())).isZero();
    assertThat(said()).contains("missing");

    assertThat(run("unload", "--home", home().toString(), "qwen:0.5b:sql")).isZero();
    assertThat(remembered()).isEmpty();
  }

  @Test
  void oneOfTheSameNameTakesThePlace() throws IOException {
    String first = adapter("first.gguf");
    String second = adapter("second.gguf");
    run("load", "--home", home().toString(), "m:a", first);
    run("load", "--home", home().toString(), "m:b", first);
    run("load", "--home", home().toString(), "m:a", second);

    assertThat(remembered())
        .containsExactlyInAnyOrder(
            new AdapterBook.Entry("m", "b", first), new AdapterBook.Entry("m", "a", second));
  }

  @Test
  void refusesWhatIsNoAdapter() throws IOException {
    Path text = Files.writeString(folder.resolve("text.gguf"), "text");

    assertThat(run("load", "--home", home().toString(), "m:a", text.toString())).isNotZero();
    assertThat(run("load", "--home", home().toString(), "m:a", text + ".not")).isNotZero();
    assertThat(run("load", "--home", home().toString(), "m:a b", adapter("a.gguf"))).isNotZero();
    assertThat(run("load", "--home", home().toString(), "a", adapter("a.gguf"))).isNotZero();
    assertThat(run("unload", "--home", home().toString(), "m:a")).isNotZero();
    assertThat(remembered()).isEmpty();
  }

  private String adapter(String name) throws IOException {
    GgufWriter writer = new GgufWriter();
    writer.put("general.type", MetadataValue.text("adapter"));
    writer.put("general.architecture", MetadataValue.text("qwen2"));
    writer.put("adapter.type", MetadataValue.text("lora"));
    writer.tensor("blk.0.attn_q.weight.lora_a", List.of(4L, 2L), new float[8]);
    writer.tensor("blk.0.attn_q.weight.lora_b", List.of(2L, 4L), new float[8]);
    Path path = folder.resolve(name);
    writer.write(path);
    return path.toString();
  }
}
