package io.yuntai.server.gateway;

import java.util.Optional;

/** Who may ask. Implementations are safe for use by many threads and compare in constant time. */
@FunctionalInterface
public interface Access {
  /**
   * Who presents this key.
   *
   * @param presentedKey the bearer token as it came, at most a header long; empty where the request
   *     carries none
   * @return empty for a missing, wrong, revoked or expired key
   */
  Optional<Principal> authenticate(String presentedKey);

  /**
   * Who is behind a {@link Principal#id}, for work that goes on when its request is over.
   *
   * @return empty where nobody is let in under it any more
   */
  default Optional<Principal> known(Principal earlier) {
    return Optional.of(earlier);
  }

  /** Lets everybody in, with or without a key; for loopback only. */
  static Access open() {
    return presentedKey -> Optional.of(Principal.ANYONE);
  }
}
