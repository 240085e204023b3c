package io.yuntai.dialect;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A refusal or failure as a client sees it.
 *
 * @param status HTTP status, 400 to 599
 * @param type the error's class, such as {@code invalid_request_error}
 * @param code what programs compare, such as {@code model_not_found}
 * @param message one sentence for a person
 * @param param path of the field at fault, such as {@code messages[2].content}
 * @param retryAfterSeconds when another try is likely to go well
 * @param overflow the counts, where the request is longer than the model's context
 */
public record ApiError(
    int status,
    String type,
    Optional<String> code,
    String message,
    Optional<String> param,
    OptionalInt retryAfterSeconds,
    Optional<ContextOverflow> overflow) {
  private static final String INVALID_REQUEST = "invalid_request_error";

  /** Of anything but a request that is too long. */
  public ApiError(
      int status,
      String type,
      Optional<String> code,
      String message,
      Optional<String> param,
      OptionalInt retryAfterSeconds) {
    this(status, type, code, message, param, retryAfterSeconds, Optional.empty());
  }

  /** The request is longer than the model's context. */
  public static ApiError contextExceeded(String param, ContextOverflow overflow, String message) {
    return new ApiError(
        400,
        INVALID_REQUEST,
        Optional.of("context_length_exceeded"),
        message,
        Optional.of(param),
        OptionalInt.empty(),
        Optional.of(overflow));
  }

  /** The same with another sentence, such as one of another language. */
  public ApiError withMessage(String sentence) {
    return new ApiError(status, type, code, sentence, param, retryAfterSeconds, overflow);
  }

  /** Something is wrong with the request as a whole. */
  public static ApiError invalidRequest(int status, String code, String message) {
    return new ApiError(
        status, INVALID_REQUEST, Optional.of(code), message, Optional.empty(), OptionalInt.empty());
  }

  /** Something is wrong with one field of the request. */
  public static ApiError invalidField(String code, String param, String message) {
    return new ApiError(
        400, INVALID_REQUEST, Optional.of(code), message, Optional.of(param), OptionalInt.empty());
  }

  /** The server is at a limit; the same request may go well later. */
  public static ApiError tooMany(String message, int retryAfterSeconds) {
    return new ApiError(
        429,
        "requests",
        Optional.of("rate_limit_exceeded"),
        message,
        Optional.empty(),
        OptionalInt.of(retryAfterSeconds));
  }

  /** The server can't serve now. */
  public static ApiError unavailable(String code, String message, int retryAfterSeconds) {
    return new ApiError(
        503,
        "server_error",
        Optional.of(code),
        message,
        Optional.empty(),
        OptionalInt.of(retryAfterSeconds));
  }

  /** The server is at fault. */
  public static ApiError internal(String message) {
    return new ApiError(
        500,
        "server_error",
        Optional.of("internal_error"),
        message,
        Optional.empty(),
        OptionalInt.empty());
  }
}
