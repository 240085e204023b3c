package io.yuntai.dialect;

/** Carries an {@link ApiError} to the edge that writes it. */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ApiError error;

  /**
   * @param error what the client will see
   */
  public ApiException(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  /** What the client will see. */
  public ApiError error() {
    return error;
  }
}
