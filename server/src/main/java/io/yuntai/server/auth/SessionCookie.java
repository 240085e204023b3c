package io.yuntai.server.auth;

import io.yuntai.server.http.Exchange;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookies of this server. Over TLS they have the prefix {@code __Host-}, which browsers give to
 * no other host and without TLS to nobody.
 *
 * @param secure whether browsers come over TLS
 */
record SessionCookie(boolean secure) {
  private static final String SESSION = "yuntai_session";
  private static final String ERRAND = "yuntai_oidc";

  private String name(String plain) {
    return secure ? "__Host-" + plain : plain;
  }

  /** The session's token. */
  Optional<String> session(Exchange exchange) {
    return exchange.cookie(name(SESSION));
  }

  void setSession(Exchange exchange, String token, Duration age) {
    set(exchange, SESSION, token, age);
  }

  void clearSession(Exchange exchange) {
    set(exchange, SESSION, "", Duration.ZERO);
  }

  /** What is remembered while somebody is at an identity provider. */
  Optional<String> errand(Exchange exchange) {
    return exchange.cookie(name(ERRAND));
  }

  void setErrand(Exchange exchange, String sealed, Duration age) {
    set(exchange, ERRAND, sealed, age);
  }

  void clearErrand(Exchange exchange) {
    set(exchange, ERRAND, "", Duration.ZERO);
  }

  /**
   * Lax, not Strict: who comes back from an identity provider, or by a link in a mail, is to be
   * signed in. Changes need a token besides.
   */
  private void set(Exchange exchange, String plain, String value, Duration age) {
    exchange.addHeader(
        "Set-Cookie",
        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
            .formatted(name(plain), value, age.toSeconds(), secure ? "; Secure" : ""));
  }
}
