package io.yuntai.models.transfer;

/**
 * No connection to the host came about. At a transfer's start that means that the source is not
 * there; later, that the network may come back.
 */
final class UnreachableException extends TransientException {
  private static final long serialVersionUID = 1;

  UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
