package io.yuntai.ledger.identity;

import io.yuntai.ledger.keys.Pepper;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Secrets of 256 random bits that somebody carries, and what is kept of them: an HMAC under the
 * pepper. A slow hash would add nothing to so many bits.
 */
final class Tokens {
  private static final int BYTES = 32;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Pepper pepper;
  private final SecureRandom random;

  Tokens(Pepper pepper, SecureRandom random) {
    this.pepper = pepper;
    this.random = random;
  }

  /** What tokens are for: one of a kind is never taken for one of another. */
  enum Kind {
    SESSION("yt-session-"),
    LINK("yt-link-"),
    RECOVERY("");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  String make(Kind kind) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return kind.prefix + BASE64.encodeToString(bytes);
  }

  /** What is kept of a token: 32 bytes. */
  byte[] hmac(Kind kind, String token) {
    return pepper.hmac(kind.name() + "\n" + token);
  }

  /** What pages of a session send with each change, so that no other site's page can make one. */
  String csrf(String sessionToken) {
    return BASE64.encodeToString(pepper.hmac("CSRF\n" + sessionToken));
  }

  /** Seals a second factor's secret. */
  byte[] seal(byte[] secret) {
    return pepper.seal(secret, random);
  }

  byte[] open(byte[] sealed) {
    return pepper.open(sealed);
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
