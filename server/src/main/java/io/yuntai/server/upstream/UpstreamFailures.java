package io.yuntai.server.upstream;

import io.yuntai.dialect.ApiError;
import io.yuntai.server.upstream.UpstreamException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLException;

/** What goes wrong with an upstream, in sentences for whoever asked; without keys. */
final class UpstreamFailures {
  /** Why an exchange was ended from outside. */
  enum Ending {
    NONE,
    CANCELLED,
    CONNECT_TIMEOUT,
    FIRST_TOKEN_TIMEOUT,
    IDLE_TIMEOUT,
    TOTAL_TIMEOUT
  }

  private final Upstream upstream;
  private final String model;

  UpstreamFailures(Upstream upstream, String model) {
    this.upstream = upstream;
    this.model = model;
  }

  /**
   * @param answering whether an answer had begun
   */
  UpstreamException io(IOException e, Ending ending, boolean answering) {
    UpstreamTimeouts most = upstream.timeouts();
    return switch (ending) {
      case CANCELLED ->
          new UpstreamException(Kind.CANCELLED, ApiError.internal("The request was cancelled."));
      case CONNECT_TIMEOUT -> timeout("can't be reached within", most.connect());
      case FIRST_TOKEN_TIMEOUT -> timeout("did not begin its answer within", most.firstToken());
      case IDLE_TIMEOUT -> timeout("stopped in its answer and sent nothing for", most.idle());
      case TOTAL_TIMEOUT -> timeout("did not finish its answer within", most.total());
      case NONE -> answering ? failed("broke off its answer", e) : unreachable(e);
    };
  }

  private UpstreamException timeout(String what, Duration most) {
    String text = "The upstream `%s` %s %s.".formatted(upstream.name(), what, seconds(most));
    return new UpstreamException(Kind.TIMEOUT, error(504, "upstream_timeout", text));
  }

  private static String seconds(Duration most) {
    long millis = most.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  private UpstreamException unreachable(IOException e) {
    String reason =
        switch (e) {
          case UnknownHostException _ -> "its host is not known";
          case ConnectException _ -> "it takes no connections";
          case SocketTimeoutException _ ->
              "no connection within " + seconds(upstream.timeouts().connect());
          case SSLException tls -> "TLS: " + tls.getMessage();
          case EOFException _ -> "it closed the connection";
          default -> String.valueOf(e.getMessage());
        };
    return new UpstreamException(
        Kind.UNREACHABLE,
        error(
            502,
            "upstream_unreachable",
            "The upstream `%s` can't be reached: %s."
                .formatted(upstream.name(), upstream.credential().redact(reason))));
  }

  private UpstreamException failed(String what, IOException e) {
    return new UpstreamException(
        Kind.FAILED,
        error(
            502,
            "upstream_failed",
            "The upstream `%s` %s: %s."
                .formatted(
                    upstream.name(),
                    what,
                    upstream.credential().redact(String.valueOf(e.getMessage())))));
  }

  /** It began to answer and then said that it can't, or what nobody understands. */
  UpstreamException unusable(ApiError said) {
    return new UpstreamException(Kind.FAILED, retold(said, Math.max(said.status(), 500)));
  }

  /** It answered with another status than 2xx. */
  UpstreamException status(ApiError said, ResponseHead head) {
    int status = head.status();
    return switch (status) {
      case 401, 403 ->
          new UpstreamException(
              Kind.MISCONFIGURED,
              error(
                  502,
                  "upstream_credentials_refused",
                  "The upstream `%s` refused this server's credentials (HTTP %d); whoever runs this server must correct them."
                      .formatted(upstream.name(), status)));
      case 404, 405 ->
          new UpstreamException(
              Kind.MISCONFIGURED,
              error(
                  502,
                  "upstream_model_not_found",
                  "The upstream `%s` does not know the model `%s` or the path (HTTP %d)."
                      .formatted(upstream.name(), model, status)));
      case 429 -> limited(said, head.retryAfterSeconds());
      case 408, 425 -> new UpstreamException(Kind.FAILED, retold(said, 502));
      case 503, 529 ->
          new UpstreamException(
              Kind.FAILED, withRetry(retold(said, 503), head.retryAfterSeconds()));
      default ->
          status >= 500 || status < 400
              ? new UpstreamException(Kind.FAILED, retold(said, 502))
              : new UpstreamException(Kind.REQUEST_REFUSED, retold(said, status));
    };
  }

  private UpstreamException limited(ApiError said, OptionalInt retryAfter) {
    ApiError error = retold(said, 429);
    return new UpstreamException(Kind.LIMITED, withRetry(error, retryAfter));
  }

  private static ApiError withRetry(ApiError error, OptionalInt retryAfter) {
    return new ApiError(
        error.status(),
        error.type(),
        error.code(),
        error.message(),
        error.param(),
        retryAfter.isPresent() ? retryAfter : OptionalInt.of(1));
  }

  /** The upstream's sentence, said to be its own. */
  private ApiError retold(ApiError said, int status) {
    return new ApiError(
        status,
        status >= 500 ? "server_error" : status == 429 ? "requests" : "invalid_request_error",
        said.code().isPresent() || status < 500 ? said.code() : Optional.of("upstream_failed"),
        "The upstream `%s` says: %s"
            .formatted(upstream.name(), upstream.credential().redact(said.message())),
        said.param(),
        OptionalInt.empty());
  }

  private static ApiError error(int status, String code, String message) {
    return new ApiError(
        status, "server_error", Optional.of(code), message, Optional.empty(), OptionalInt.empty());
  }
}
