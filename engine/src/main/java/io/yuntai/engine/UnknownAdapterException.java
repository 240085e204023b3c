package io.yuntai.engine;

/** A generation was asked of an adapter that is not loaded. */
public final class UnknownAdapterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param name as it was asked for
   */
  public UnknownAdapterException(String name) {
    super("the adapter " + name + " is not loaded");
  }
}
