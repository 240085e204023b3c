package io.yuntai.engine.jit;

/** What all calls of native code have in common. */
public final class Downcalls {
  private Downcalls() {}

  /**
   * What to throw when such a call threw. A method handle declares everything, but native code
   * throws nothing: what comes is the caller's own mistake or the JVM's trouble, and goes on as it
   * is.
   */
  public static RuntimeException unexpected(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> new IllegalStateException(thrown);
    };
  }
}
