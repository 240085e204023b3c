package io.yuntai.dialect;

/**
 * How an answer is sent.
 *
 * @param stream whether in pieces as they come
 * @param includeUsage whether a stream ends with a piece that carries the usage
 */
public record Delivery(boolean stream, boolean includeUsage) {
  /** In one piece. */
  public static final Delivery WHOLE = new Delivery(false, false);
}
