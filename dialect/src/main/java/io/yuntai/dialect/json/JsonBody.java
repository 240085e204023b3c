package io.yuntai.dialect.json;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bytes to a JSON object, strictly: UTF-8 only, no duplicate names, nothing after the end, bounded
 * depth and number of values.
 */
public final class JsonBody {
  private static final int MAX_DEPTH = 64;

  /** Of the longest number; what an API takes has at most 20 digits and an exponent. */
  private static final int MAX_NUMBER_CHARS = 128;

  /**
   * Bounds the tree that a body of only commas and digits grows into, at about 40 bytes a value.
   */
  private static final int MAX_VALUES = 600_000;

  private static final int MAX_REASON_CHARS = 300;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_CHARS)
                          .maxTokenCount(MAX_VALUES)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  // Names come from strangers: nothing of them is kept after the request.
                  .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /** The object that a body holds. */
  public static JsonNode parse(byte[] body) throws ApiException {
    String text = utf8(body);
    if (text.isBlank()) {
      throw refused("it is empty");
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (StreamConstraintsException e) {
      throw refused(shortened(e.getOriginalMessage()));
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      throw refused(shortened(e.getOriginalMessage()) + where);
    }
    if (!node.isObject()) {
      throw refused("expected an object, but got " + Fields.kindOf(node));
    }
    return node;
  }

  private static String utf8(byte[] body) throws ApiException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(body.length);
    try {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException _) {
      throw refused("invalid UTF-8 at byte " + in.position());
    }
    String text = out.flip().toString();
    // RFC 8259 section 8.1 lets a reader ignore a byte order mark; some editors write one.
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static String shortened(String reason) {
    return reason.length() <= MAX_REASON_CHARS
        ? reason
        : reason.substring(0, MAX_REASON_CHARS) + "...";
  }

  private static ApiException refused(String reason) {
    return new ApiException(
        ApiError.invalidRequest(
            400, "invalid_json", "Could not parse the JSON body of your request: " + reason + "."));
  }
}
