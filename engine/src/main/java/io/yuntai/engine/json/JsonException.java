package io.yuntai.engine.json;

/** Text that is not JSON; the message is a clause that says what is wrong, and where. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  JsonException(String what, int offset) {
    super(what + " at character " + offset);
  }
}
