package io.yuntai.ledger.identity;

/** Why somebody is not let in. The message is a sentence for that person. */
public final class SignInException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final int retryAfterSeconds;

  /** Why. */
  public enum Reason {
    /** Address or password; nobody is told which. */
    WRONG_CREDENTIALS,
    /** The password is right, a code of the second factor is missing. */
    FACTOR_NEEDED,
    /** The code is wrong, too old, or was used before. */
    WRONG_CODE,
    /** The link was used, has expired, or never was. */
    LINK_INVALID,
    /** The person is known, but belongs to no tenant. */
    NO_MEMBERSHIP,
    /** The identity provider did not say what is needed. */
    PROVIDER_REFUSED,
    /** Too many guesses. */
    THROTTLED,
    /** Too many passwords are being checked at once. */
    BUSY
  }

  /**
   * @param retryAfterSeconds when to try again; 0 where that changes nothing
   */
  public SignInException(Reason reason, String message, int retryAfterSeconds) {
    super(message);
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  SignInException(Reason reason, String message) {
    this(reason, message, 0);
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** When to try again, in seconds; 0 where that changes nothing. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** The message, which is there always. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
