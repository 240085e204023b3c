package io.yuntai.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  private static final String SCHEMA =
      "{'type':'object','properties':{'name':{'type':'string'},'age':{'type':'integer','minimum':0}},"
          + "'required':['name','age'],'additionalProperties':false}";

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
    return SchemaCommand.tree(new CliContext(screen, Messages.in("en"), Map.of()))
        .execute(arguments);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text.replace('\'', '"')).toString();
  }

  @Test
  void tellsWhichInstancesCanBeGenerated() throws IOException {
    String schema = file("schema.json", SCHEMA);
    String good = file("good.json", "\n{\n  'name': 'Ada',\n  'age': 36\n}\n");
    String negative = file("negative.json", "{'name':'Ada','age':-1}");
    String turned = file("turned.json", "{'age':1,'name':'Ada'}");
    String spaced = file("spaced.json", "{   'name':'Ada','age':1}");

    int code = run("check", "--json", schema, good, negative, turned, spaced);

    assertThat(code).isEqualTo(8);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"compiles\":true")
        .contains("\"white_space\":\"round a text any")
        .contains("good.json\",\"generable\":true")
        .contains("negative.json\",\"generable\":false,\"bytes\":23,\"taken\":20")
        .contains("the order of its properties")
        .contains("written compactly it can");
    out.reset();
    assertThat(run("check", "--property-order", "any", schema, good, turned)).isZero();
  }

  @Test
  void tellsWhyASchemaDoesNotCompile() throws IOException {
    String schema = file("schema.json", "{'properties':{'a':{'unevaluatedItems':false}}}");

    assertThat(run("check", schema)).isEqualTo(8);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("does not compile: at #/properties/a: the keyword 'unevaluatedItems'");
  }
}
