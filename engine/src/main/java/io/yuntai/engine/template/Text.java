package io.yuntai.engine.template;

import java.util.BitSet;

/**
 * A string that knows, for each UTF-16 code unit, whether it came from the request. The template's
 * own characters may form control tokens; the request's may not.
 *
 * <p>Operations that move characters keep each one's origin. Where an operation makes new
 * characters that cannot be traced one by one, the result is the request's as soon as any input
 * was: origin is only ever lost towards the safe side.
 */
final class Text implements Value {
  private static final BitSet NONE = new BitSet(0);

  static final Text EMPTY = new Text("", NONE);

  final String chars;

  /** Set where a character came from the request; never changed. */
  private final BitSet request;

  Text(String chars, BitSet request) {
    this.chars = chars;
    this.request = request;
  }

  static Text ofTemplate(String chars) {
    return new Text(chars, NONE);
  }

  static Text ofRequest(String chars) {
    BitSet all = new BitSet(chars.length());
    all.set(0, chars.length());
    return new Text(chars, all);
  }

  int length() {
    return chars.length();
  }

  boolean isEmpty() {
    return chars.isEmpty();
  }

  BitSet request() {
    return request;
  }

  /** This string's own range, each character with its origin. */
  Text substring(int start, int end) {
    if (start == 0 && end == chars.length()) {
      return this;
    }
    return new Text(
        chars.substring(start, end), request.isEmpty() ? NONE : request.get(start, end));
  }

  Text substring(int start) {
    return substring(start, chars.length());
  }

  /** A rewriting of this string, such as another case of its letters. */
  Text rewritten(String to) {
    if (request.isEmpty()) {
      return ofTemplate(to);
    }
    return to.length() == chars.length() ? new Text(to, request) : ofRequest(to);
  }

  /** Number of Unicode code points, which is Python's length. */
  int codePoints() {
    return chars.codePointCount(0, chars.length());
  }

  /** Whether each code point is one code unit, so that indices agree with Python's. */
  boolean isFlat() {
    return codePoints() == chars.length();
  }

  /** Index of a code unit for an index of a code point. */
  int offset(int codePoint) {
    return chars.offsetByCodePoints(0, codePoint);
  }

  @Override
  public String toString() {
    return chars;
  }
}
