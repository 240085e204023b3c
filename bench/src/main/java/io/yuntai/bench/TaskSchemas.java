package io.yuntai.bench;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonSchemas;
import io.yuntai.engine.grammar.schema.JsonValue;
import io.yuntai.engine.grammar.schema.PropertyOrder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fifty schemas that structured output is measured with.
 *
 * @param topic what a document under it is about, for the prompt
 * @param schema JSON Schema 2020-12
 */
record TaskSchemas(String topic, JsonNode schema) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  static List<TaskSchemas> load() throws IOException {
    try (InputStream in = TaskSchemas.class.getResourceAsStream("schemas.json")) {
      if (in == null) {
        throw new BenchException("schemas.json is missing in the jar");
      }
      List<TaskSchemas> tasks = new ArrayList<>();
      for (JsonNode node : MAPPER.readTree(in).values()) {
        tasks.add(new TaskSchemas(node.get("topic").stringValue(), node.get("schema")));
      }
      return tasks;
    }
  }

  /** Its grammar, as the server makes it. */
  Grammar grammar() {
    try {
      return JsonSchemas.compile(
          JsonValue.of(MAPPER.treeToValue(schema, Object.class)), PropertyOrder.SCHEMA);
    } catch (GrammarException e) {
      throw new BenchException(topic + ": " + e.sentence(), e);
    }
  }
}
