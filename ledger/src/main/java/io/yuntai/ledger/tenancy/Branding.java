package io.yuntai.ledger.tenancy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How a tenant wants the console to look for its people.
 *
 * @param name what the console is called; empty for the product's own
 * @param accent {@code #rrggbb}; empty for the product's own
 * @param logo empty for the product's own
 * @param version grows with each change; 0 where nothing was ever set
 */
public record Branding(String name, String accent, Optional<Logo> logo, long version) {
  /** Longest picture, in bytes. */
  public static final int MAX_LOGO_BYTES = 64 << 10;

  /** The product's own. */
  public static final Branding NONE = new Branding("", "", Optional.empty(), 0);

  private static final int MAX_NAME_CHARS = 40;

  /**
   * A picture.
   *
   * @param type of its content
   * @param content 1 byte to {@link #MAX_LOGO_BYTES}
   */
  public record Logo(String type, byte[] content) {
    /**
     * The picture of these bytes, whose beginning says what it is.
     *
     * @throws RefusedException when they are none, or too many
     */
    public static Logo of(byte[] content) {
      if (content.length > MAX_LOGO_BYTES) {
        throw RefusedException.invalid(
            "logo",
            "The logo has %d bytes; at most %d are kept: make it smaller."
                .formatted(content.length, MAX_LOGO_BYTES));
      }
      return new Logo(type(content), content.clone());
    }

    private static String type(byte[] content) {
      String head =
          new String(content, 0, Math.min(content.length, 16), StandardCharsets.ISO_8859_1);
      if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
        return "image/png";
      }
      if (head.startsWith("\u00ff\u00d8\u00ff")) {
        return "image/jpeg";
      }
      if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
        return "image/webp";
      }
      throw RefusedException.invalid("logo", "The logo must be a PNG, JPEG or WebP picture.");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Logo logo
          && logo.type.equals(type)
          && Arrays.equals(logo.content, content);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(content);
    }

    /** Without the bytes: the audit log keeps what is written here. */
    @Override
    public String toString() {
      return "%s of %d bytes".formatted(type, content.length);
    }
  }

  /**
   * Values as somebody typed them.
   *
   * @throws RefusedException when one can't be accepted
   */
  static Branding checked(String name, String accent, Optional<Logo> logo, long version) {
    String stripped = name.strip();
    if (stripped.codePointCount(0, stripped.length()) > MAX_NAME_CHARS
        || !stripped.codePoints().allMatch(Texts::isPrintable)) {
      throw RefusedException.invalid(
          "name", "The name has at most %d printable characters.".formatted(MAX_NAME_CHARS));
    }
    String colour = accent.strip().toLowerCase(Locale.ROOT);
    if (!colour.matches("(#[0-9a-f]{6})?")) {
      throw RefusedException.invalid("accent", "The accent is a colour such as #0b6b5d.");
    }
    return new Branding(stripped, colour, logo, version);
  }
}
