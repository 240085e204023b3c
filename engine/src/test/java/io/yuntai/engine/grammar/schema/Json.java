package io.yuntai.engine.grammar.schema;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the tests read and write it: numbers exactly. */
final class Json {
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(2000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  static JsonValue value(String text) {
    return JsonValue.of(MAPPER.readValue(text, Object.class));
  }

  /** A value of lists and maps, compactly; {@link RandomSchemas#NULL} is null. */
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case BigDecimal number -> number.toPlainString();
      case List<?> items ->
          items.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> members ->
          members.entrySet().stream()
              .map(member -> text(member.getKey()) + ":" + text(member.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      default -> value.equals(RandomSchemas.NULL) ? "null" : MAPPER.writeValueAsString(value);
    };
  }

  static JsonValue value(JsonNode node) {
    return JsonValue.of(MAPPER.treeToValue(node, Object.class));
  }
}
