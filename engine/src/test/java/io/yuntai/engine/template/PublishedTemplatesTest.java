package io.yuntai.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ChatPrompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Published chat templates against what transformers renders with them, from the folder that the
 * system property {@code yuntai.vectors} names.
 */
@Tag("vectors")
class PublishedTemplatesTest {
  /** The day on which transformers rendered the cases. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

  private record Case(
      String conversation,
      boolean add_generation_prompt,
      List<Map<String, Object>> messages,
      List<Map<String, Object>> tools,
      Map<String, Object> variables,
      String text,
      String error) {}

  @TestFactory
  Stream<DynamicTest> renderAsTransformersDoes() throws IOException {
    Path folder = Path.of(System.getProperty("yuntai.vectors"), "templates");
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".jinja")).sorted().toList();
    }
    assertThat(files).as("templates in %s", folder).isNotEmpty();
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    JinjaTemplate template = JinjaTemplate.compile(Files.readString(file), CLOCK);
    Path cases = Path.of(file.toString().replace(".jinja", ".json"));
    List<Case> all =
        JsonMapper.shared().readValue(cases.toFile(), new TypeReference<List<Case>>() {});
    for (Case each : all) {
      ChatPrompt prompt =
          new ChatPrompt(
              each.messages(),
              each.tools() == null ? List.of() : each.tools(),
              each.add_generation_prompt(),
              each.variables());
      if (each.error() == null) {
        assertThat(template.render(prompt.templateVariables()))
            .as("%s, generation prompt %s", each.conversation(), each.add_generation_prompt())
            .isEqualTo(each.text());
      } else {
        assertThatThrownBy(() -> template.render(prompt.templateVariables()))
            .isInstanceOf(TemplateException.class)
            .extracting(e -> "TemplateError: " + e.getMessage())
            .isEqualTo(each.error());
      }
    }
  }
}
