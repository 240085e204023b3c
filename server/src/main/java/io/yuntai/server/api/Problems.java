package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.http.Api.ErrorReply;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Refusals as HTTP says them: problems of RFC 9457. */
public final class Problems {
  /** Content type. */
  public static final String TYPE = "application/problem+json";

  private static final JsonMapper JSON = new JsonMapper();

  private Problems() {}

  /** An error's bytes. */
  public static ErrorReply reply(ApiError error, String requestId) {
    return new ErrorReply(
        error.status(),
        JSON.writeValueAsBytes(
            JsonNodeFactory.instance
                .objectNode()
                .put("type", "urn:yuntai:problem:" + error.code().orElse("error"))
                .put("title", title(error.status()))
                .put("status", error.status())
                .put("detail", error.message())
                .put("field", error.param().orElse(null))
                .put("request_id", requestId)));
  }

  /** A change or a question that can't be granted. */
  public static ApiError of(RefusedException refusal) {
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

  private static String title(int status) {
    return switch (status) {
      case 400 -> "The request can't be accepted";
      case 401 -> "Not signed in, or not accepted";
      case 403 -> "Not allowed";
      case 404 -> "Not found";
      case 405 -> "Not allowed with this method";
      case 409 -> "In conflict with what is there";
      case 410 -> "Not good any more";
      case 412 -> "Changed in the meantime";
      case 422 -> "The idempotency key was used for another request";
      case 429 -> "Too many tries";
      case 503 -> "Not available now";
      default -> status < 500 ? "The request can't be accepted" : "The server is at fault";
    };
  }
}
