package io.yuntai.ledger.tenancy;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Pattern;

/** What names and the like may hold; each check returns the text or says what is wrong with it. */
public final class Texts {
  private static final Pattern HANDLE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
  private static final int MAX_TITLE = 128;

  private Texts() {}

  /** A name that stands in URLs and commands: letters, digits, hyphens. */
  public static String handle(String field, String text) {
    if (!HANDLE.matcher(text).matches()) {
      throw RefusedException.invalid(
          field,
          "'%s' is no %s: it has 1 to 63 of a-z, 0-9 and '-', and neither begins nor ends with '-'."
              .formatted(RefusedException.shown(text), field));
    }
    return text;
  }

  /** Whether something may be called that; else nothing is. */
  static boolean isHandle(String text) {
    return HANDLE.matcher(text).matches();
  }

  /** A name for people, at most 128 printable characters; may be empty. */
  public static String title(String field, String text) {
    if (text.codePointCount(0, text.length()) > MAX_TITLE
        || !text.codePoints().allMatch(Texts::isPrintable)) {
      throw RefusedException.invalid(
          field, "A %s has at most %d printable characters.".formatted(field, MAX_TITLE));
    }
    return text;
  }

  /** An address, in small letters. */
  public static String email(String text) {
    String email = text.strip().toLowerCase(Locale.ROOT);
    if (email.length() > 254
        || !EMAIL.matcher(email).matches()
        || !email.codePoints().allMatch(Texts::isPrintable)) {
      throw RefusedException.invalid(
          "email", "'%s' is no e-mail address.".formatted(RefusedException.shown(text)));
    }
    return email;
  }

  /** A time zone of the IANA database, such as {@code Asia/Shanghai}. */
  public static ZoneId zone(String field, String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw RefusedException.invalid(
          field,
          "'%s' is no time zone: write one such as Asia/Shanghai, Europe/Berlin or UTC."
              .formatted(RefusedException.shown(text)));
    }
  }

  /** Whether it shows: neither a control character nor one that changes how others look. */
  public static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
