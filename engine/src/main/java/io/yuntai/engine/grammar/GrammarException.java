package io.yuntai.engine.grammar;

/** A grammar, pattern or schema that can't be compiled: wrong, not supported, or beyond a bound. */
public final class GrammarException extends Exception {
  private static final long serialVersionUID = 1;

  private final String place;
  private final String what;

  /**
   * @param place where in the source: a JSON Pointer for schemas, a line for grammars, else empty
   * @param message one sentence for a user, without the place
   */
  public GrammarException(String place, String message) {
    super(message, null, false, false);
    this.place = place;
    this.what = message;
  }

  /** Where in the source; empty for the source as a whole. */
  public String place() {
    return place;
  }

  /** The sentence with its place before it. */
  public String sentence() {
    return place.isEmpty() ? what : "at " + place + ": " + what;
  }
}
