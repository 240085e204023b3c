package io.yuntai.ledger.keys;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as clients present it: {@code yt-<id>-<secret>}, the id 12 letters or digits (62 random
 * bits), the secret 256 random bits in base64url.
 *
 * @param id names the key; not secret
 * @param text all of it
 */
record KeyText(String id, String text) {
  private static final String PREFIX = "yt-";
  private static final int ID_LENGTH = 12;
  private static final int LENGTH = PREFIX.length() + ID_LENGTH + 1 + 43;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final Pattern FORMAT = Pattern.compile("yt-([a-z0-9]{12})-[A-Za-z0-9_-]{43}");

  static KeyText random(SecureRandom random) {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new KeyText(id.toString(), prefix(id.toString()) + "-" + encoded);
  }

  /** Empty when the text hasn't a key's form. */
  static Optional<KeyText> parse(String text) {
    if (text.length() != LENGTH) {
      return Optional.empty();
    }
    Matcher matcher = FORMAT.matcher(text);
    return matcher.matches() ? Optional.of(new KeyText(matcher.group(1), text)) : Optional.empty();
  }

  /** Whether it has the form of a key's id. */
  static boolean isId(String text) {
    return text.length() == ID_LENGTH && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  static String prefix(String id) {
    return PREFIX + id;
  }
}
