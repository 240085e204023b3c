package io.yuntai.ledger.identity;

import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Locale;

/** Which passwords are refused: those that are guessed first. */
final class PasswordRules {
  private static final int MIN_CHARS = 12;
  private static final int MAX_CHARS = 256;
  private static final int MIN_DIFFERENT = 5;

  private PasswordRules() {}

  /**
   * Lets a password through.
   *
   * @throws RefusedException with what is wrong; it never repeats the password
   */
  static void check(String password, String email) {
    int chars = password.codePointCount(0, password.length());
    if (chars < MIN_CHARS) {
      throw refused("A password has at least %d characters.".formatted(MIN_CHARS));
    }
    if (chars > MAX_CHARS) {
      throw refused("A password has at most %d characters.".formatted(MAX_CHARS));
    }
    if (password.codePoints().distinct().count() < MIN_DIFFERENT) {
      throw refused("A password has at least %d different characters.".formatted(MIN_DIFFERENT));
    }
    String small = password.toLowerCase(Locale.ROOT);
    String name = email.substring(0, Math.max(0, email.indexOf('@')));
    if (small.contains(email) || (name.length() >= MIN_DIFFERENT && small.contains(name))) {
      throw refused("A password does not hold one's own e-mail address.");
    }
    if (isRun(small)) {
      throw refused("A password is no run of digits or letters in their order.");
    }
  }

  /** Whether each character follows the one before, forwards or backwards, by its number. */
  private static boolean isRun(String text) {
    int[] points = text.codePoints().toArray();
    int neighbours = 0;
    for (int i = 1; i < points.length; i++) {
      if (Math.abs(points[i] - points[i - 1]) <= 1) {
        neighbours++;
      }
    }
    return neighbours >= points.length - 2;
  }

  private static RefusedException refused(String message) {
    return RefusedException.invalid("password", message);
  }
}
