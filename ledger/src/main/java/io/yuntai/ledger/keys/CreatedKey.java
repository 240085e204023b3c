package io.yuntai.ledger.keys;

/**
 * A key that was just made: the only time that its text is known.
 *
 * @param id names the key in lists and when it is revoked; not secret
 * @param name what its owner calls it
 * @param key the secret that a client presents: {@code yt-}id{@code -}43 characters
 */
public record CreatedKey(String id, String name, String key) {
  /** Without the secret, so that it can't slip into a log. */
  @Override
  public String toString() {
    return "CreatedKey[id=" + id + ", name=" + name + "]";
  }
}
