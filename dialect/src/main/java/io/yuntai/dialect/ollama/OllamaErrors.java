package io.yuntai.dialect.ollama;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.upstream.UpstreamErrors;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Errors in Ollama's shape: one sentence. */
public final class OllamaErrors {
  private OllamaErrors() {}

  /** The body of an error; also what stands in a stream that breaks off. */
  public static byte[] encode(ApiError error) {
    return new JsonBytes(128).raw("{\"error\":").text(error.message()).raw("}").toBytes();
  }

  /**
   * Reads an error's body. Ollama has no codes; the status and a few words tell what it is.
   *
   * @param status the HTTP status it came with
   */
  static ApiError decode(int status, byte[] body) {
    String message = "HTTP status " + status;
    try {
      JsonNode error = JsonBody.parse(body).get("error");
      if (error != null && error.isString()) {
        message = UpstreamErrors.shortened(error.stringValue());
      }
    } catch (ApiException _) {
      // What stands before it answered.
    }
    return new ApiError(
        status,
        status == 429 ? "requests" : status < 500 ? "invalid_request_error" : "server_error",
        code(status, message),
        message,
        Optional.empty(),
        OptionalInt.empty());
  }

  private static Optional<String> code(int status, String message) {
    return switch (status) {
      case 400 ->
          message.contains("context length") || message.contains("context size")
              ? Optional.of("context_length_exceeded")
              : Optional.of("invalid_value");
      case 401, 403 -> Optional.of("invalid_api_key");
      case 404 -> Optional.of("model_not_found");
      case 429, 503 -> Optional.of("rate_limit_exceeded");
      default -> Optional.empty();
    };
  }
}
