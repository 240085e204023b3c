package io.yuntai.server.auth;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Identity;
import io.yuntai.ledger.identity.PasswordHashes;
import io.yuntai.ledger.identity.SessionLimits;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.NewOrganisation;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.server.config.SignInSettings.OidcProvider;
import io.yuntai.server.http.HttpServer;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.testing.TestServer;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code /auth/} on a real database. */
final class AuthServer implements AutoCloseable {
  static final Actor OPERATOR = new Actor("operator", "test");
  static final JsonMapper JSON = new JsonMapper();

  private final Database database;
  private final HttpServer server;
  private final Tenancy tenancy;
  private final Identity identity;

  private AuthServer(Path home, List<OidcProvider> providers) {
    SecureRandom random = new SecureRandom();
    database = Database.open(DatabaseOptions.embedded(home));
    Transactions transactions = new Transactions(database.dataSource());
    Pepper pepper = Pepper.of(home, random);
    InstantSource clock = InstantSource.system();
    tenancy = new Tenancy(transactions);
    identity =
        new Identity(
            transactions,
            pepper,
            random,
            new PasswordHashes(random, 1),
            SessionLimits.DEFAULTS,
            clock);
    SessionGate gate = new SessionGate(identity.sessions(), Optional.empty());
    OidcRoutes oidc =
        new OidcRoutes(
            new OidcProviders(providers), identity.signIn(), gate, pepper, random, clock);
    server =
        HttpServer.start(
            TestServer.OPTIONS, List.of(new AuthApi(identity, gate, oidc)), new InFlight(100));
  }

  static AuthServer start(Path home, List<OidcProvider> providers) {
    return new AuthServer(home, providers);
  }

  Identity identity() {
    return identity;
  }

  Tenancy tenancy() {
    return tenancy;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  Organisation tenant(String name) {
    return tenancy
        .organisations()
        .create(OPERATOR, new NewOrganisation(name, "", "CNY", Billing.POSTPAID, "UTC"));
  }

  /** The token of a link for somebody who is made a member. */
  String invite(Organisation org, String email, Role role) {
    Member member = tenancy.members().add(OPERATOR, org, email, "", role);
    return identity.links().forMember(OPERATOR, org, member, true).token();
  }

  Browser browser() {
    return new Browser();
  }

  @Override
  public void close() {
    server.stop(Duration.ZERO);
    database.close();
  }

  record Reply(int status, JsonNode body, HttpResponse<String> response) {}

  /** Keeps cookies, and sends what changes carry. */
  final class Browser {
    private final CookieManager cookies = new CookieManager();
    private final HttpClient client =
        HttpClient.newBuilder().cookieHandler(cookies).followRedirects(Redirect.NEVER).build();
    private String csrf = "";

    Reply send(String method, String path, @Nullable Object body) throws Exception {
      return send(method, uri(path), body);
    }

    Reply send(String method, URI address, @Nullable Object body) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address)
              .method(
                  method,
                  body == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(JSON.writeValueAsString(body)));
      if (body != null) {
        request.header("Content-Type", "application/json");
      }
      if (!csrf.isEmpty()) {
        request.header(SessionGate.CSRF_HEADER, csrf);
      }
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonNode answer = type.contains("json") ? JSON.readTree(response.body()) : JSON.missingNode();
      if (answer.has("csrf_token")) {
        csrf = answer.path("csrf_token").asString();
      }
      return new Reply(response.statusCode(), answer, response);
    }

    void forgetCsrf() {
      csrf = "";
    }

    CookieManager cookies() {
      return cookies;
    }
  }
}
