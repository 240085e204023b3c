package io.yuntai.server.admin;

import io.yuntai.dialect.ApiError;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Optional;
import java.util.OptionalInt;

/** Refusals as HTTP says them. */
final class Problems {
  private Problems() {}

  static ApiError of(RefusedException refusal) {
    return new ApiError(
        status(refusal.reason()),
        "invalid_request_error",
        Optional.of(code(refusal.reason())),
        refusal.sentence(),
        refusal.field().isEmpty() ? Optional.empty() : Optional.of(refusal.field()),
        OptionalInt.empty());
  }

  private static int status(RefusedException.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> 404;
      case EXISTS, CONFLICT -> 409;
      case INVALID -> 400;
      case CHANGED -> 412;
      case NOT_ALLOWED -> 403;
    };
  }

  private static String code(RefusedException.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> "not_found";
      case EXISTS -> "exists";
      case CONFLICT -> "conflict";
      case INVALID -> "invalid_value";
      case CHANGED -> "changed";
      case NOT_ALLOWED -> "not_allowed";
    };
  }

  static String title(int status) {
    return switch (status) {
      case 400 -> "The request can't be accepted";
      case 401 -> "No key, or one that is not accepted";
      case 403 -> "Not allowed";
      case 404 -> "Not found";
      case 405 -> "Not allowed with this method";
      case 409 -> "In conflict with what is there";
      case 412 -> "Changed in the meantime";
      case 422 -> "The idempotency key was used for another request";
      case 503 -> "Not available now";
      default -> status < 500 ? "The request can't be accepted" : "The server is at fault";
    };
  }
}
