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

  /** Lets everybody in, with or without a key; for loopback only. */
  static Access open() {
    return presentedKey -> Optional.of(Principal.ANYONE);
  }
}
