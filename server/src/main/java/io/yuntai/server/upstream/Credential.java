package io.yuntai.server.upstream;

/** A key of ours at an upstream. Never printed. */
public final class Credential {
  private static final int MIN_REDACTED_CHARS = 4;

  /** For upstreams that ask for none. */
  public static final Credential NONE = new Credential("");

  private final String secret;

  private Credential(String secret) {
    this.secret = secret;
  }

  /**
   * A key.
   *
   * @param secret printable ASCII, not empty
   * @throws IllegalArgumentException for anything else, which could not stand in a header; the
   *     message does not hold it
   */
  public static Credential of(String secret) {
    if (secret.isEmpty() || !secret.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw new IllegalArgumentException(
          "a key is one word of printable ASCII, without blanks or line breaks");
    }
    return new Credential(secret);
  }

  /** Whether there is none. */
  public boolean isNone() {
    return secret.isEmpty();
  }

  String secret() {
    return secret;
  }

  /** A text of an upstream's, without the key where it repeats it. */
  String redact(String text) {
    return secret.length() < MIN_REDACTED_CHARS ? text : text.replace(secret, "***");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Credential credential && secret.equals(credential.secret);
  }

  @Override
  public int hashCode() {
    return secret.hashCode();
  }

  @Override
  public String toString() {
    return isNone() ? "no key" : "a key";
  }
}
