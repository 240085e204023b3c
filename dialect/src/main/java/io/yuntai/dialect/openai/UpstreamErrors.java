package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBody;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Errors as servers of OpenAI's API write them. Their shapes differ: an {@code error} object; the
 * same fields at the top (vLLM before 0.10); numbers for codes (vLLM, SGLang, llama-server); {@code
 * detail} (FastAPI). What they mean is told by OpenAI's codes.
 */
final class UpstreamErrors {
  private static final int MAX_MESSAGE_CHARS = 2000;

  private UpstreamErrors() {}

  static ApiError read(int status, byte[] body) {
    try {
      return read(status, JsonBody.parse(body));
    } catch (ApiException _) {
      return error(status, "server_error", Optional.empty(), "HTTP status " + status, null);
    }
  }

  static ApiError read(int status, JsonNode body) {
    JsonNode inner = body.get("error");
    JsonNode node = inner != null && inner.isObject() ? inner : body;
    String message = text(node, "message");
    if (message == null) {
      message = inner != null && inner.isString() ? inner.stringValue() : text(node, "detail");
    }
    if (message == null) {
      message = "HTTP status " + status;
    }
    String type = text(node, "type");
    Optional<String> code = Optional.ofNullable(code(status, type, text(node, "code"), message));
    return error(status, type == null ? "server_error" : type, code, message, text(node, "param"));
  }

  private static ApiError error(
      int status, String type, Optional<String> code, String message, @Nullable String param) {
    String sentence =
        message.length() > MAX_MESSAGE_CHARS
            ? message.substring(0, MAX_MESSAGE_CHARS) + "..."
            : message;
    return new ApiError(
        status, type, code, sentence, Optional.ofNullable(param), OptionalInt.empty());
  }

  /** OpenAI's code where the error is one that it has. */
  private static @Nullable String code(
      int status, @Nullable String type, @Nullable String code, String message) {
    if ("context_length_exceeded".equals(code)
        || "exceed_context_size_error".equals(type)
        || (status == 400 && speaksOfContext(message.toLowerCase(Locale.ROOT)))) {
      return "context_length_exceeded";
    }
    if (code != null && !code.isEmpty() && !Character.isDigit(code.charAt(0))) {
      return code;
    }
    return switch (status) {
      case 401, 403 -> "invalid_api_key";
      case 404 -> "model_not_found";
      case 429 -> "rate_limit_exceeded";
      default -> null;
    };
  }

  private static boolean speaksOfContext(String message) {
    return message.contains("maximum context length") // OpenAI, vLLM
        || message.contains("context length of") // SGLang
        || message.contains("model's context length")
        || message.contains("available context size") // llama-server
        || message.contains("max_model_len")
        || message.contains("range of input length should be"); // DashScope
  }

  private static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() ? value.stringValue() : null;
  }
}
