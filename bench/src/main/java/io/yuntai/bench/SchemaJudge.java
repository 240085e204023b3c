package io.yuntai.bench;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An independent judge of documents; alone in knowing its library, which the other commands can do
 * without.
 */
final class SchemaJudge {
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> schemas = new HashMap<>();

  /** What is wrong with a document; empty for a valid one. */
  List<String> errors(JsonNode schema, String document) {
    return schemas
        .computeIfAbsent(schema, key -> registry.getSchema(key.toString()))
        .validate(
            document,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Object::toString)
        .toList();
  }
}
