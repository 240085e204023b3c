package io.yuntai.ledger.tenancy;

/** A change or a question that can't be granted. The message is a sentence for the user. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final String field;

  /** Why. */
  public enum Reason {
    /** There is no such thing, or it is another tenant's: nobody is told which. */
    NOT_FOUND,
    /** Something of that name is there already. */
    EXISTS,
    /** A value can't be accepted. */
    INVALID,
    /** It was changed by somebody else since it was read. */
    CHANGED,
    /** What is there now doesn't allow it. */
    CONFLICT,
    /** The one who asks has no right to it. */
    NOT_ALLOWED
  }

  /**
   * @param field the value at fault, as {@code budgets.amount}; empty where it is none
   */
  public RefusedException(Reason reason, String field, String message) {
    super(message);
    this.reason = reason;
    this.field = field;
  }

  /** Nothing of this name. */
  public static RefusedException notFound(String what, String name) {
    return new RefusedException(
        Reason.NOT_FOUND, "", "There is no %s '%s'.".formatted(what, shown(name)));
  }

  /** A value of the request is at fault. */
  public static RefusedException invalid(String field, String message) {
    return new RefusedException(Reason.INVALID, field, message);
  }

  /** What somebody sent, short enough for a sentence. */
  static String shown(String text) {
    String printable = text.codePoints().allMatch(c -> c >= ' ') ? text : "...";
    return printable.length() <= 80 ? printable : printable.substring(0, 80) + "...";
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** The value at fault; empty where it is none. */
  public String field() {
    return field;
  }

  /** The message, which is there always. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
