package io.yuntai.cli.schema;

import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as people hand it in: strictly, with its numbers as they are. */
final class JsonFiles {
  private static final int MAX_DEPTH = 500;
  private static final int MAX_NUMBER_CHARS = 1000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_CHARS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .build();

  private JsonFiles() {}

  static JsonValue value(byte[] text) throws GrammarException {
    return JsonValue.of(parsed(text));
  }

  /** The same value without white space. */
  static byte[] compact(byte[] text) throws GrammarException {
    return MAPPER.writeValueAsBytes(parsed(text));
  }

  /** Without the white space round it. */
  static byte[] trimmed(byte[] text) {
    int from = 0;
    int to = text.length;
    while (from < to && isSpace(text[from])) {
      from++;
    }
    while (to > from && isSpace(text[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(text, from, to);
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || value == '\n' || value == '\r' || value == '\t';
  }

  private static @org.jspecify.annotations.Nullable Object parsed(byte[] text)
      throws GrammarException {
    try {
      return MAPPER.readValue(new String(text, StandardCharsets.UTF_8), Object.class);
    } catch (JacksonException e) {
      throw new GrammarException("", e.getOriginalMessage());
    }
  }
}
