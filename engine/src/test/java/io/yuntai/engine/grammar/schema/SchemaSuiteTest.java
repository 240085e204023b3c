package io.yuntai.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The JSON Schema organisation's own test suite, from a folder: {@code -Dyuntai.schemas=DIR} with
 * files as the npm package {@code json-schema-test-suite} has them.
 */
@Tag("schemas")
class SchemaSuiteTest {
  private final Path folder = Path.of(System.getProperty("yuntai.schemas", ""));
  private final Map<String, int[]> table = new TreeMap<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();

  @Test
  void noInvalidInstanceCanBeGenerated() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        JsonNode groups = Json.MAPPER.readTree(Files.readString(file));
        if (groups.isArray() && !groups.isEmpty() && groups.get(0).has("tests")) {
          String name = folder.relativize(file).toString();
          int[] row = table.computeIfAbsent(name, _ -> new int[4]);
          for (JsonNode group : groups) {
            judge(name, group, row);
          }
        }
      }
    }
    int[] sums = new int[4];
    StringBuilder out = new StringBuilder("file | schemas | compiled | valid | generable\n");
    table.forEach((name, row) -> {
      out.append(name);
      for (int i = 0; i < 4; i++) {
        sums[i] += row[i];
        out.append(" | ").append(row[i]);
      }
      out.append('\n');
    });
    out.append("all");
    for (int sum : sums) {
      out.append(" | ").append(sum);
    }
    out.append("\nrefused:\n");
    refusals.forEach((why, count) -> out.append(count).append("  ").append(why).append('\n'));
    out.append("valid, not generable:\n");
    missed.forEach(line -> out.append(line).append('\n'));
    System.out.println(out);
    assertThat(sums[0]).as("schemas in " + folder).isPositive();
    assertThat(wrong).as("invalid instances that could be generated").isEmpty();
  }

  private void judge(String file, JsonNode group, int[] row) {
    row[0]++;
    Grammar grammar;
    try {
      grammar = JsonSchemas.compile(Json.value(group.get("schema")), PropertyOrder.ANY);
    } catch (GrammarException e) {
      refusals.merge(shortened(e.sentence()), 1, Integer::sum);
      return;
    }
    Grammar inOrder = null;
    try {
      inOrder = JsonSchemas.compile(Json.value(group.get("schema")), PropertyOrder.SCHEMA);
    } catch (GrammarException e) {
      refusals.merge("in the schema's order: " + shortened(e.sentence()), 1, Integer::sum);
    }
    row[1]++;
    for (JsonNode test : group.get("tests")) {
      byte[] text = test.get("data").toString().getBytes(StandardCharsets.UTF_8);
      boolean generable = grammar.match(text).complete();
      String what =
          "%s: %s: %s"
              .formatted(
                  file,
                  group.get("description").stringValue(),
                  shortened(new String(text, StandardCharsets.UTF_8)));
      if (test.get("valid").booleanValue()) {
        row[2]++;
        row[3] += generable ? 1 : 0;
        if (!generable) {
          missed.add(what);
        }
      } else if (generable || (inOrder != null && inOrder.match(text).complete())) {
        wrong.add(what);
      }
    }
  }

  private static String shortened(String text) {
    return text.length() <= 160 ? text : text.substring(0, 160) + "...";
  }
}
