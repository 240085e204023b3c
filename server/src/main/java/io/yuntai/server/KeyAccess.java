package io.yuntai.server;

import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * Lets in who has an API key, and this machine's own commands, which read their token from the
 * state file.
 */
final class KeyAccess implements Access {
  private final ApiKeys keys;
  private final byte[] operatorToken;

  KeyAccess(ApiKeys keys, String operatorToken) {
    this.keys = keys;
    this.operatorToken = operatorToken.getBytes(StandardCharsets.UTF_8);
  }

  /** A token of 256 random bits for one run of the server. */
  static String newOperatorToken(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return "yt-operator-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public Optional<Principal> authenticate(String presentedKey) {
    if (MessageDigest.isEqual(presentedKey.getBytes(StandardCharsets.UTF_8), operatorToken)) {
      return Optional.of(Principal.OPERATOR);
    }
    return keys.authenticate(presentedKey).map(Principal::of);
  }

  @Override
  public Optional<Principal> known(Principal earlier) {
    return earlier.operates()
        ? Optional.of(earlier)
        : keys.working(earlier.id()).filter(key -> !key.owner().suspended()).map(Principal::of);
  }
}
