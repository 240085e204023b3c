package io.yuntai.models.catalog;

/** A text does not name a model; the message is a sentence for the user who wrote it. */
public final class InvalidReferenceException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public InvalidReferenceException(String message) {
    super(message);
  }
}
