package io.yuntai.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.auth.AuthServer.Browser;
import io.yuntai.server.auth.AuthServer.Reply;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in and out over HTTP. */
class AuthApiTest {
  private static final String PASSWORD = "a quite good password";
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @TempDir static Path home;
  private static AuthServer server;

  @BeforeAll
  static void start() {
    server = AuthServer.start(home, List.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private record Person(String email, Organisation org) {}

  private static Person person(Role role) throws Exception {
    Organisation org = server.tenant("t" + NUMBERS.incrementAndGet());
    String email = "p" + NUMBERS.incrementAndGet() + "@example.com";
    String token = server.invite(org, email, role);
    Reply reply =
        server.browser().send("POST", "/auth/link", Map.of("token", token, "password", PASSWORD));
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    return new Person(email, org);
  }

  @Test
  void letsTheFirstOwnerInByThePrintedAddress() throws Exception {
    var link = server.identity().links().forFirstOwner().orElseThrow();
    String address = SignInAddress.of("http://127.0.0.1:8460", link);
    assertThat(address).startsWith("http://127.0.0.1:8460/sign-in#yt-link-");
    String token = address.substring(address.indexOf('#') + 1);
    Browser browser = server.browser();
    Reply look = browser.send("POST", "/auth/link", Map.of("token", token, "look", true));
    assertThat(look.status()).isEqualTo(200);
    assertThat(look.body().path("email").isNull()).isTrue();
    Map<String, Object> answer =
        Map.of("token", token, "email", "boss@example.com", "password", PASSWORD);
    Reply in = browser.send("POST", "/auth/link", answer);
    assertThat(in.body().path("operator").asBoolean()).isTrue();
    assertThat(server.browser().send("POST", "/auth/link", answer).status()).isEqualTo(410);
    assertThat(browser.send("GET", "/auth/session", null).body().at("/user/email").asString())
        .isEqualTo("boss@example.com");
  }

  @Test
  void signsInAndOut() throws Exception {
    Person person = person(Role.BILLING);
    Browser browser = server.browser();
    assertThat(browser.send("GET", "/auth/session", null).status()).isEqualTo(401);
    Reply in =
        browser.send(
            "POST", "/auth/sign-in", Map.of("email", person.email(), "password", PASSWORD));
    assertThat(in.status()).isEqualTo(200);
    assertThat(in.response().headers().firstValue("Set-Cookie").orElse(""))
        .matches(
            "yuntai_session=yt-session-[A-Za-z0-9_-]{43}; Path=/; Max-Age=60[0-9]{4};"
                + " HttpOnly; SameSite=Lax");
    Reply session = browser.send("GET", "/auth/session", null);
    assertThat(session.body().at("/tenants/0/name").asString()).isEqualTo(person.org().name());
    assertThat(session.body().at("/tenants/0/role").asString()).isEqualTo("billing");
    assertThat(session.body().at("/tenants/0/permissions").toString()).contains("budgets");
    assertThat(session.response().headers().firstValue("Cache-Control")).contains("no-store");
    browser.forgetCsrf();
    assertThat(browser.send("DELETE", "/auth/session", null).status()).isEqualTo(403);
    browser.send("GET", "/auth/session", null);
    assertThat(browser.send("DELETE", "/auth/session", null).status()).isEqualTo(204);
    assertThat(browser.cookies().getCookieStore().getCookies()).isEmpty();
    assertThat(browser.send("GET", "/auth/session", null).status()).isEqualTo(401);
  }

  @Test
  void refusesStrangersAlikeAndOtherSites() throws Exception {
    Person person = person(Role.DEVELOPER);
    Reply wrong =
        server
            .browser()
            .send(
                "POST",
                "/auth/sign-in",
                Map.of("email", person.email(), "password", "a wrong password"));
    Reply unknown =
        server
            .browser()
            .send(
                "POST",
                "/auth/sign-in",
                Map.of("email", "nobody@example.com", "password", "a wrong password"));
    assertThat(wrong.status()).isEqualTo(401).isEqualTo(unknown.status());
    assertThat(wrong.body().path("detail")).isEqualTo(unknown.body().path("detail"));
    assertThat(wrong.body().path("type").asString())
        .isEqualTo("urn:yuntai:problem:wrong_credentials");
    HttpRequest foreign =
        HttpRequest.newBuilder(server.uri("/auth/sign-in"))
            .header("Origin", "https://evil.example")
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(person.email(), PASSWORD)))
            .build();
    assertThat(HttpClient.newHttpClient().send(foreign, BodyHandlers.ofString()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void changesPasswordsAndEndsOtherSessions() throws Exception {
    Person person = person(Role.DEVELOPER);
    Map<String, Object> credentials = Map.of("email", person.email(), "password", PASSWORD);
    Browser phone = server.browser();
    Browser desk = server.browser();
    phone.send("POST", "/auth/sign-in", credentials);
    desk.send("POST", "/auth/sign-in", credentials);
    assertThat(desk.send("GET", "/auth/sessions", null).body().path("items").size()).isEqualTo(3);
    Map<String, Object> wrong = Map.of("current", "not the one", "password", "another password");
    assertThat(desk.send("PUT", "/auth/password", wrong).status()).isEqualTo(401);
    Map<String, Object> weak = Map.of("current", PASSWORD, "password", "short");
    Reply refused = desk.send("PUT", "/auth/password", weak);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("field").asString()).isEqualTo("password");
    Map<String, Object> good = Map.of("current", PASSWORD, "password", "another password");
    assertThat(desk.send("PUT", "/auth/password", good).status()).isEqualTo(200);
    assertThat(phone.send("GET", "/auth/session", null).status()).isEqualTo(401);
    Reply left = desk.send("GET", "/auth/sessions", null);
    assertThat(left.body().path("items").size()).isEqualTo(1);
    String id = left.body().at("/items/0/id").asString();
    assertThat(desk.send("DELETE", "/auth/sessions/999999999", null).status()).isEqualTo(404);
    assertThat(desk.send("DELETE", "/auth/sessions/" + id, null).status()).isEqualTo(204);
    assertThat(desk.send("GET", "/auth/session", null).status()).isEqualTo(401);
  }

  @Test
  void offersASecondFactor() throws Exception {
    Person person = person(Role.OWNER);
    Map<String, Object> credentials = Map.of("email", person.email(), "password", PASSWORD);
    Browser browser = server.browser();
    browser.send("POST", "/auth/sign-in", credentials);
    Reply offer = browser.send("POST", "/auth/second-factor", null);
    assertThat(offer.body().path("uri").asString())
        .startsWith("otpauth://totp/Yuntai:")
        .contains(offer.body().path("secret").asString());
    assertThat(
            browser.send("POST", "/auth/second-factor/confirm", Map.of("code", "12345")).status())
        .isEqualTo(401);
    assertThat(browser.send("POST", "/auth/recovery-codes", Map.of("code", "1")).status())
        .isEqualTo(409);
  }

  @Test
  void refusesWhatIsNotThere() throws Exception {
    assertThat(server.browser().send("GET", "/auth/nothing", null).status()).isEqualTo(404);
    assertThat(server.browser().send("GET", "/auth/sign-in", null).status()).isEqualTo(405);
  }

  @Test
  void neverFailsWhateverIsSent() throws Exception {
    long seed = Long.getLong("yuntai.seed", new Random().nextLong());
    Random random = new Random(seed);
    List<Object> values =
        List.of(
            "", "x", "\u0000", "\ud800", "yt-link-x", 1, true, List.of(), "x".repeat(2000), "a@b");
    List<String> fields =
        List.of("email", "password", "code", "token", "look", "name", "current", "more");
    List<String> paths =
        List.of(
            "POST /auth/sign-in",
            "POST /auth/link",
            "PUT /auth/password",
            "POST /auth/second-factor/confirm",
            "DELETE /auth/second-factor",
            "POST /auth/recovery-codes",
            "DELETE /auth/sessions/1",
            "GET /auth/oidc/x/callback",
            "GET /auth/oidc/%00");
    Person person = person(Role.ADMIN);
    Browser browser = server.browser();
    browser.send("POST", "/auth/sign-in", Map.of("email", person.email(), "password", PASSWORD));
    for (int i = 0; i < 150; i++) {
      Map<String, Object> body = new java.util.HashMap<>();
      for (String field : fields) {
        if (random.nextInt(3) == 0) {
          body.put(field, values.get(random.nextInt(values.size())));
        }
      }
      String[] request = paths.get(random.nextInt(paths.size())).split(" ", 2);
      Reply reply = browser.send(request[0], request[1], request[0].equals("GET") ? null : body);
      assertThat(reply.status())
          .as("seed %d: %s %s %s", seed, request[0], request[1], body)
          .isLessThan(500);
    }
  }
}
