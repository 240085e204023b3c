package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.upstream.UpstreamErrors;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Errors in DashScope's shape: {@code code}, {@code message}, {@code request_id}. */
public final class DashScopeErrors {
  private static final String INVALID = "InvalidParameter";
  private static final UpstreamErrors.Table TABLE =
      new UpstreamErrors.Table("", "code", DashScopeErrors::status, DashScopeErrors::ourCode);

  private DashScopeErrors() {}

  /** The body of an error; also what stands in a stream that breaks off. */
  public static byte[] encode(ApiError error, String requestId) {
    return new JsonBytes(256)
        .raw("{\"code\":")
        .text(code(error))
        .raw(",\"message\":")
        .text(error.message())
        .raw(",\"request_id\":")
        .text(requestId)
        .raw("}")
        .toBytes();
  }

  /**
   * The same in the shape of the compatible mode: OpenAI's, with DashScope's request id and its
   * word for too many requests.
   */
  public static byte[] encodeCompatible(ApiError error, String requestId) {
    boolean limited =
        error.status() == 429 && !error.code().equals(Optional.of("insufficient_quota"));
    JsonBytes out = new JsonBytes(256).raw("{\"error\":{\"message\":").text(error.message());
    out.raw(",\"type\":").text(limited ? "limit_requests" : error.type()).raw(",\"param\":");
    textOrNull(out, error.param());
    out.raw(",\"code\":");
    textOrNull(out, limited ? Optional.of("limit_requests") : error.code());
    return out.raw("},\"request_id\":").text(requestId).raw("}").toBytes();
  }

  private static void textOrNull(JsonBytes out, Optional<String> text) {
    if (text.isPresent()) {
      out.text(text.get());
    } else {
      out.raw("null");
    }
  }

  static String code(ApiError error) {
    String known = error.code().orElse("");
    return switch (error.status()) {
      case 400 -> badRequest(known, error.param().orElse(""));
      case 401 -> "InvalidApiKey";
      case 402 -> "Arrearage";
      case 403 -> known.equals("model_not_allowed") ? "Model.AccessDenied" : "AccessDenied";
      case 404 -> known.equals("model_not_found") ? "ModelNotFound" : "NotFound";
      case 408, 504 -> "RequestTimeOut";
      case 429 ->
          known.equals("insufficient_quota")
              ? "Throttling.AllocationQuota"
              : "Throttling.RateQuota";
      case 503 -> "ServiceUnavailable";
      default -> error.status() < 500 ? "BadRequest" : "InternalError";
    };
  }

  private static String badRequest(String code, String param) {
    if (!code.equals("missing_required_parameter")) {
      return INVALID;
    }
    return switch (param) {
      case "model" -> "BadRequest.EmptyModel";
      case "input" -> "BadRequest.EmptyInput";
      default -> INVALID;
    };
  }

  /** Reads an error's body. */
  static ApiError decode(int status, byte[] body) {
    return UpstreamErrors.read(TABLE, status, body);
  }

  /** An error of a stream, whose status only a comment tells. */
  static ApiError decode(JsonNode event) {
    return UpstreamErrors.read(TABLE, event);
  }

  private static int status(String code) {
    return switch (code) {
      case "InvalidApiKey" -> 401;
      case "Arrearage" -> 400;
      case "AccessDenied", "Model.AccessDenied" -> 403;
      case "ModelNotFound" -> 404;
      default ->
          code.startsWith("Throttling")
              ? 429
              : code.startsWith("Invalid")
                      || code.startsWith("BadRequest")
                      || code.startsWith("DataInspection")
                  ? 400
                  : 500;
    };
  }

  /** By OpenAI's names, which are our own. */
  private static String ourCode(String code, String message) {
    return switch (code) {
      case "InvalidApiKey" -> "invalid_api_key";
      case "Arrearage", "Throttling.AllocationQuota", "AllocationQuota.FreeTierOnly" ->
          "insufficient_quota";
      case "ModelNotFound" -> "model_not_found";
      case "Model.AccessDenied" -> "model_not_allowed";
      case "DataInspectionFailed", "data_inspection_failed" -> "content_filter";
      case INVALID ->
          message.contains("input length") ? "context_length_exceeded" : "invalid_value";
      default -> code.startsWith("Throttling") ? "rate_limit_exceeded" : code;
    };
  }
}
