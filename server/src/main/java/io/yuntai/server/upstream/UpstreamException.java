package io.yuntai.server.upstream;

import io.yuntai.dialect.ApiError;

/** An upstream did not answer, or not with an answer. */
public final class UpstreamException extends Exception {
  private static final long serialVersionUID = 1;

  /** What went wrong, from the point of view of who may help. */
  public enum Kind {
    /** No connection: refused, unknown host, TLS, or lost before an answer began. */
    UNREACHABLE,
    /** Nothing came in time. */
    TIMEOUT,
    /** It said that it is at a limit (429). */
    LIMITED,
    /** It said that it fails (408, 5xx), or its answer can't be used. */
    FAILED,
    /** It refuses our credentials, path or model (401, 403, 404, ...): the route is wrong. */
    MISCONFIGURED,
    /** It refuses the request itself; another upstream would, too. */
    REQUEST_REFUSED,
    /** Our side ended it. */
    CANCELLED
  }

  private final Kind kind;
  private final transient ApiError error;

  /**
   * @param error in canonical terms, as the upstream said it
   */
  public UpstreamException(Kind kind, ApiError error) {
    super(error.message(), null, false, false);
    this.kind = kind;
    this.error = error;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** What the upstream said, or what is to be said in its place. */
  public ApiError error() {
    return error;
  }
}
