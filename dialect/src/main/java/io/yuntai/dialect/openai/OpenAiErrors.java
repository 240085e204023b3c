package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Errors in OpenAI's shape: one {@code error} object with message, type, param and code. */
public final class OpenAiErrors {
  private OpenAiErrors() {}

  /** The body of an error; also what stands in a stream that breaks off. */
  public static byte[] encode(ApiError error) {
    return new JsonBytes(256).raw("{\"error\":").raw(value(error)).raw("}").toBytes();
  }

  /** What stands under {@code error}. */
  public static byte[] value(ApiError error) {
    JsonBytes out = new JsonBytes(256);
    out.raw("{\"message\":").text(error.message());
    out.raw(",\"type\":").text(error.type()).raw(",\"param\":");
    optional(out, error.param());
    out.raw(",\"code\":");
    optional(out, error.code());
    return out.raw("}").toBytes();
  }

  /**
   * Reads an error's body; one that is not in OpenAI's shape becomes an error that says so.
   *
   * @param status the HTTP status it came with
   */
  public static ApiError decode(int status, byte[] body) {
    try {
      JsonNode node = JsonBody.parse(body).get("error");
      if (node != null && node.isObject()) {
        Fields error = new Fields(node, "error");
        return new ApiError(
            status,
            error.text("type", Integer.MAX_VALUE).orElse("server_error"),
            error.text("code", Integer.MAX_VALUE),
            error.text("message", Integer.MAX_VALUE).orElse("HTTP status " + status),
            error.text("param", Integer.MAX_VALUE),
            OptionalInt.empty());
      }
    } catch (ApiException _) {
      // Falls through: whatever answered does not speak this dialect.
    }
    return ApiError.invalidRequest(
        status, "unreadable_error", "The server answered with HTTP status " + status + ".");
  }

  private static void optional(JsonBytes out, Optional<String> value) {
    if (value.isPresent()) {
      out.text(value.get());
    } else {
      out.raw("null");
    }
  }
}
