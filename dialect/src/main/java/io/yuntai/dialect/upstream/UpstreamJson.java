package io.yuntai.dialect.upstream;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of upstreams, read token by token where a tree for each piece of an answer would cost. */
public final class UpstreamJson {
  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  // An upstream says the same few names in each piece; what it makes up is bounded
                  // by the symbol table's own limit.
                  .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                  .build())
          .build();

  private UpstreamJson() {}

  /** A parser of some bytes; the caller closes it. */
  public static JsonParser parser(byte[] bytes, int from, int to) {
    return MAPPER.createParser(bytes, from, to - from);
  }

  /** The value at which a parser stands; afterwards it stands at its end. */
  public static JsonNode tree(JsonParser json) {
    return json.readValueAsTree();
  }

  /** A string's text; of anything else, which is stepped over, the empty text. */
  public static String text(JsonParser json, JsonToken value) {
    if (value == JsonToken.VALUE_STRING) {
      return json.getString();
    }
    json.skipChildren();
    return "";
  }

  /** A count: a whole number that is not negative; of anything else 0. */
  public static long count(JsonParser json, JsonToken value) {
    if (value == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return Math.clamp(json.getLongValue(), 0, Integer.MAX_VALUE);
    }
    json.skipChildren();
    return 0;
  }

  /** A count that an object holds; 0 where it does not, or where there is no object. */
  public static long countIn(JsonParser json, JsonToken value, String wanted) {
    if (value != JsonToken.START_OBJECT) {
      json.skipChildren();
      return 0;
    }
    long found = 0;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken field = json.nextToken();
      if (name.equals(wanted)) {
        found = count(json, field);
      } else {
        json.skipChildren();
      }
    }
    return found;
  }

  /**
   * The refusal of an upstream's answer that is not what its API says.
   *
   * @param what such as {@code the answer broke off before its end}
   */
  public static ApiException broken(String what) {
    return new ApiException(
        new ApiError(
            502,
            "server_error",
            Optional.of("bad_upstream_answer"),
            "The upstream's answer can't be used: " + what + ".",
            Optional.empty(),
            OptionalInt.empty()));
  }
}
