package io.yuntai.engine.serving;

/** The decoder failed so often in a row that nothing it says is trusted any more. */
final class BrokenDecoderException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BrokenDecoderException(int failures, Throwable last) {
    super(failures + " steps in a row failed, the last with " + last, last);
  }
}
