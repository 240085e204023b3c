package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.upstream.UpstreamErrors;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Errors in Anthropic's shape. */
public final class AnthropicErrors {
  private static final int OVERLOADED = 529;
  private static final UpstreamErrors.Table TABLE =
      new UpstreamErrors.Table("error", "type", AnthropicErrors::status, AnthropicErrors::code);

  private AnthropicErrors() {}

  /**
   * The body of an error; also what stands in a stream that breaks off.
   *
   * @param requestId what the header {@code request-id} says
   */
  public static byte[] encode(ApiError error, String requestId) {
    return new JsonBytes(256)
        .raw("{\"type\":\"error\",\"error\":{\"type\":")
        .text(type(status(error)))
        .raw(",\"message\":")
        .text(message(error))
        .raw("},\"request_id\":")
        .text(requestId)
        .raw("}")
        .toBytes();
  }

  /**
   * The HTTP status: a quota that is used up is no rate limit here, which clients would wait for
   * and ask again.
   */
  public static int status(ApiError error) {
    return error.status() == 429 && error.code().equals(Optional.of("insufficient_quota"))
        ? 402
        : error.status();
  }

  /** Agents know by these words that a conversation must be made shorter. */
  private static String message(ApiError error) {
    return error
        .overflow()
        .map(over ->
            "prompt is too long: %d tokens > %d maximum"
                .formatted(over.promptTokens(), over.contextTokens()))
        .orElse(error.message());
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 503, OVERLOADED -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /** Reads an error's body. */
  static ApiError decode(int status, byte[] body) {
    return UpstreamErrors.read(TABLE, status, body);
  }

  /** An error of a stream, which comes without a status of its own. */
  static ApiError decode(JsonNode event) {
    return UpstreamErrors.read(TABLE, event);
  }

  private static int status(String type) {
    return switch (type) {
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "billing_error" -> 402;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "request_too_large" -> 413;
      case "rate_limit_error" -> 429;
      case "timeout_error" -> 504;
      case "overloaded_error" -> OVERLOADED;
      default -> 500;
    };
  }

  /** By OpenAI's names, which are our own. */
  private static String code(String type, String message) {
    return switch (type) {
      case "authentication_error" -> "invalid_api_key";
      case "billing_error" -> "insufficient_quota";
      case "not_found_error" -> "model_not_found";
      case "rate_limit_error" -> "rate_limit_exceeded";
      case "overloaded_error" -> "server_overloaded";
      case "request_too_large" -> "request_too_large";
      case "invalid_request_error" ->
          message.startsWith("prompt is too long") ? "context_length_exceeded" : "invalid_value";
      default -> type;
    };
  }
}
