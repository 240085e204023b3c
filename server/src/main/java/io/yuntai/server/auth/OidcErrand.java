package io.yuntai.server.auth;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.keys.Pepper;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is remembered while somebody is at an identity provider: in a sealed cookie, so that it
 * belongs to that browser and to no server in particular.
 *
 * @param provider where
 * @param state what the answer must repeat
 * @param nonce what the token must repeat
 * @param verifier proof that the code is ours
 * @param to the path to go on to
 * @param expires when it is good no more
 */
record OidcErrand(
    String provider, String state, String nonce, String verifier, String to, Instant expires) {
  private static final JsonMapper JSON = new JsonMapper();

  String seal(Pepper pepper, SecureRandom random) {
    byte[] text =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("errand", provider)
                .put("state", state)
                .put("nonce", nonce)
                .put("verifier", verifier)
                .put("to", to)
                .put("expires", expires.getEpochSecond()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(pepper.seal(text, random));
  }

  /** Empty for what is none of ours, or too old. */
  static Optional<OidcErrand> open(String sealed, Pepper pepper, Instant now) {
    try {
      JsonNode node = JSON.readTree(pepper.open(Base64.getUrlDecoder().decode(sealed)));
      OidcErrand errand =
          new OidcErrand(
              node.path("errand").asString(""),
              node.path("state").asString(""),
              node.path("nonce").asString(""),
              node.path("verifier").asString(""),
              node.path("to").asString("/"),
              Instant.ofEpochSecond(node.path("expires").asLong(0)));
      return errand.provider.isEmpty() || !now.isBefore(errand.expires)
          ? Optional.empty()
          : Optional.of(errand);
    } catch (DatabaseException | IllegalArgumentException | JacksonException e) {
      return Optional.empty();
    }
  }
}
