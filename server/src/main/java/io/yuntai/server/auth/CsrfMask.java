package io.yuntai.server.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * A token in another dress for each page: whoever can have a page made with a text of their own and
 * see its compressed length can guess a token that stands in it unchanged (BREACH, 2013).
 */
final class CsrfMask {
  private static final String MARK = "m.";

  private CsrfMask() {}

  /** A mask of fresh randomness and, under it, the token. */
  static String put(String token, RandomGenerator random) {
    byte[] plain = token.getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[2 * plain.length];
    random.nextBytes(both);
    for (int i = 0; i < plain.length; i++) {
      both[plain.length + i] = (byte) (both[i] ^ plain[i]);
    }
    return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
  }

  /** The token; what was not masked stays as it is, and of what can't be read nothing. */
  static String remove(String text) {
    if (!text.startsWith(MARK) || text.length() > 1000) {
      return text;
    }
    byte[] both;
    try {
      both = Base64.getUrlDecoder().decode(text.substring(MARK.length()));
    } catch (IllegalArgumentException _) {
      return "";
    }
    byte[] plain = new byte[both.length / 2];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) (both[i] ^ both[plain.length + i]);
    }
    return new String(plain, StandardCharsets.UTF_8);
  }
}
