package io.yuntai.server.auth;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.identity.OpenedSession;
import io.yuntai.ledger.identity.SignIn;
import io.yuntai.ledger.identity.SignIn.ProvenIdentity;
import io.yuntai.ledger.identity.SignInException;
import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * {@code /auth/oidc/NAME}, which sends a browser to an identity provider, and {@code .../callback},
 * where it comes back. Both answer with redirects, since a person is on the way.
 */
public final class OidcRoutes {
  private static final String ROOT = "/auth/oidc/";
  private static final String CALLBACK = "/callback";
  private static final Duration ERRAND = Duration.ofMinutes(10);

  private final OidcProviders providers;
  private final SignIn signIn;
  private final SessionGate gate;
  private final Pepper pepper;
  private final SecureRandom random;
  private final InstantSource clock;

  /** To these providers. */
  public OidcRoutes(
      OidcProviders providers,
      SignIn signIn,
      SessionGate gate,
      Pepper pepper,
      SecureRandom random,
      InstantSource clock) {
    this.providers = providers;
    this.signIn = signIn;
    this.gate = gate;
    this.pepper = pepper;
    this.random = random;
    this.clock = clock;
  }

  /** Where one may be sent. */
  public OidcProviders providers() {
    return providers;
  }

  Optional<Resource> at(String path) {
    if (!path.startsWith(ROOT)) {
      return Optional.empty();
    }
    boolean back = path.endsWith(CALLBACK);
    String name = path.substring(ROOT.length(), path.length() - (back ? CALLBACK.length() : 0));
    return providers
        .find(name)
        .map(client ->
            Resource.get(
                AuthApi.guarded(exchange -> {
                  if (back) {
                    comeBack(client, exchange);
                  } else {
                    send(client, exchange);
                  }
                })));
  }

  private URI callback(OidcClient client, Exchange exchange) {
    return URI.create(gate.base(exchange) + ROOT + client.provider().name() + CALLBACK);
  }

  private void send(OidcClient client, Exchange exchange) throws ApiException, IOException {
    State state = new State();
    Nonce nonce = new Nonce();
    CodeVerifier verifier = new CodeVerifier();
    String to = exchange.query("to").filter(OidcRoutes::isOurs).orElse("/");
    try {
      URI address = client.address(callback(client, exchange), state, nonce, verifier);
      OidcErrand errand =
          new OidcErrand(
              client.provider().name(),
              state.getValue(),
              nonce.getValue(),
              verifier.getValue(),
              to,
              clock.instant().plus(ERRAND));
      gate.cookies().setErrand(exchange, errand.seal(pepper, random), ERRAND);
      redirect(exchange, address.toString());
    } catch (SignInException refusal) {
      fail(exchange, refusal.reason());
    }
  }

  /** A path of this server's, and no other one's address. */
  private static boolean isOurs(String to) {
    return to.matches("/(?:[A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,500})?");
  }

  private void comeBack(OidcClient client, Exchange exchange) throws ApiException, IOException {
    try {
      Optional<OidcErrand> found =
          gate.cookies()
              .errand(exchange)
              .flatMap(sealed -> OidcErrand.open(sealed, pepper, clock.instant()))
              .filter(errand -> errand.provider().equals(client.provider().name()));
      String state = exchange.query("state").orElse("");
      Optional<String> code = exchange.query("code");
      String issuer = exchange.query("iss").orElse("");
      gate.cookies().clearErrand(exchange);
      if (found.isEmpty()
          || !MessageDigest.isEqual(
              found.get().state().getBytes(StandardCharsets.UTF_8),
              state.getBytes(StandardCharsets.UTF_8))
          || code.isEmpty()) {
        throw new SignInException(
            Reason.PROVIDER_REFUSED, "Nobody was sent to this provider from here.", 0);
      }
      OidcErrand errand = found.get();
      ProvenIdentity proven =
          client.prove(
              code.get(),
              issuer,
              callback(client, exchange),
              new Nonce(errand.nonce()),
              new CodeVerifier(errand.verifier()));
      OpenedSession opened =
          signIn.byProvider(gate.visitor(exchange), proven, client.provider().joining());
      gate.welcome(exchange, opened);
      redirect(exchange, errand.to());
    } catch (SignInException refusal) {
      fail(exchange, refusal.reason());
    } catch (RefusedException refusal) {
      fail(exchange, Reason.PROVIDER_REFUSED); // an address or a tenant that can't be
    }
  }

  private static void fail(Exchange exchange, Reason reason) throws IOException {
    redirect(exchange, "/sign-in?error=" + AuthApi.code(reason));
  }

  private static void redirect(Exchange exchange, String to) throws IOException {
    exchange.header("Location", to);
    exchange.empty(303);
  }
}
