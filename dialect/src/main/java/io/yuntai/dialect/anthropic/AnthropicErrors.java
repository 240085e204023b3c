package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Errors in Anthropic's shape. */
public final class AnthropicErrors {
  private static final int OVERLOADED = 529;

  private AnthropicErrors() {}

  /**
   * The body of an error; also what stands in a stream that breaks off.
   *
   * @param requestId what the header {@code request-id} says
   */
  public static byte[] encode(ApiError error, String requestId) {
    return new JsonBytes(256)
        .raw("{\"type\":\"error\",\"error\":{\"type\":")
        .text(type(error.status()))
        .raw(",\"message\":")
        .text(message(error))
        .raw("},\"request_id\":")
        .text(requestId)
        .raw("}")
        .toBytes();
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

  /**
   * Reads an error's body; one that is not in Anthropic's shape becomes an error that says so.
   *
   * @param status the HTTP status it came with
   */
  static ApiError decode(int status, byte[] body) {
    try {
      JsonNode node = JsonBody.parse(body).get("error");
      if (node != null && node.isObject()) {
        return decode(status, new Fields(node, "error"));
      }
    } catch (ApiException _) {
      // Falls through: whatever answered does not speak this dialect.
    }
    return ApiError.invalidRequest(
        status, "unreadable_error", "The server answered with HTTP status " + status + ".");
  }

  /** An error of a stream, which comes without a status of its own. */
  static ApiError decode(JsonNode event) {
    JsonNode error = event.get("error");
    if (error != null && error.isObject()) {
      try {
        Fields fields = new Fields(error, "error");
        return decode(status(fields.text("type", Integer.MAX_VALUE).orElse("")), fields);
      } catch (ApiException _) {
        // Falls through: an error all the same.
      }
    }
    return ApiError.internal("The upstream server broke off its answer.");
  }

  private static ApiError decode(int status, Fields error) throws ApiException {
    String type = error.text("type", Integer.MAX_VALUE).orElse("");
    String message = error.text("message", Integer.MAX_VALUE).orElse("HTTP status " + status);
    return new ApiError(
        status,
        status == 429 ? "requests" : status < 500 ? "invalid_request_error" : "server_error",
        code(type, message),
        message,
        Optional.empty(),
        OptionalInt.empty());
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
  private static Optional<String> code(String type, String message) {
    return switch (type) {
      case "" -> Optional.empty();
      case "authentication_error" -> Optional.of("invalid_api_key");
      case "billing_error" -> Optional.of("insufficient_quota");
      case "not_found_error" -> Optional.of("model_not_found");
      case "rate_limit_error" -> Optional.of("rate_limit_exceeded");
      case "overloaded_error" -> Optional.of("server_overloaded");
      case "request_too_large" -> Optional.of("request_too_large");
      case "invalid_request_error" ->
          Optional.of(
              message.startsWith("prompt is too long")
                  ? "context_length_exceeded"
                  : "invalid_value");
      default -> Optional.of(type);
    };
  }
}
