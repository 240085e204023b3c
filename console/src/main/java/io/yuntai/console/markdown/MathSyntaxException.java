package io.yuntai.console.markdown;

/** A formula that is not understood. */
final class MathSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MathSyntaxException(String message) {
    super(message, null, false, false);
  }
}
