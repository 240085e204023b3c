package io.yuntai.ledger.keys;

import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Texts;

/**
 * Names of models: a name, in which {@code *} stands for any characters, also none.
 *
 * @param text 1 to 200 printable characters
 */
public record ModelPattern(String text) {
  private static final int MAX_LENGTH = 200;

  /** Checks the text. */
  public ModelPattern {
    if (text.isBlank()
        || text.length() > MAX_LENGTH
        || !text.codePoints().allMatch(Texts::isPrintable)) {
      throw RefusedException.invalid(
          "models",
          "A model's name has 1 to %d printable characters; '*' stands for any."
              .formatted(MAX_LENGTH));
    }
  }

  /** Whether it stands for this name. Takes at most the product of both lengths. */
  public boolean matches(String name) {
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < name.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        resume = in;
      } else if (at < text.length() && text.charAt(at) == name.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        // The last star takes one more character.
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }
}
