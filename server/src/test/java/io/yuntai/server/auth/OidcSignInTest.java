package io.yuntai.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.identity.SignIn.Joining;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.auth.AuthServer.Browser;
import io.yuntai.server.auth.AuthServer.Reply;
import io.yuntai.server.auth.TestIdentityProvider.Fault;
import io.yuntai.server.config.SignInSettings.OidcProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signing in by OpenID Connect, against a server that speaks it. */
class OidcSignInTest {
  @TempDir static Path home;
  private static TestIdentityProvider provider;
  private static AuthServer server;

  @BeforeAll
  static void start() throws Exception {
    provider = TestIdentityProvider.start();
    server =
        AuthServer.start(
            home,
            List.of(
                new OidcProvider(
                    "test",
                    "Test",
                    provider.issuer(),
                    TestIdentityProvider.CLIENT,
                    Optional.of(TestIdentityProvider.SECRET),
                    false,
                    List.of("example.com"),
                    Optional.of(new Joining("acme", Role.DEVELOPER))),
                new OidcProvider(
                    "gone",
                    "Gone",
                    URI.create("http://127.0.0.1:1"),
                    "x",
                    Optional.empty(),
                    false,
                    List.of(),
                    Optional.empty())));
    server.tenant("acme");
  }

  @AfterAll
  static void stop() {
    server.close();
    provider.close();
  }

  private static URI location(Reply reply) {
    assertThat(reply.status()).isBetween(300, 399);
    return reply
        .response()
        .uri()
        .resolve(reply.response().headers().firstValue("Location").orElseThrow());
  }

  /** All the way there and back. */
  private static Reply travel(Browser browser, String to) throws Exception {
    URI there = location(browser.send("GET", "/auth/oidc/test" + to, null));
    assertThat(there.toString()).startsWith(provider.issuer() + "/authorize?");
    URI back = location(browser.send("GET", there, null));
    assertThat(back.getPath()).isEqualTo("/auth/oidc/test/callback");
    return browser.send("GET", back, null);
  }

  @Test
  void letsPeopleIn() throws Exception {
    provider.person("1", "wu@example.com");
    Browser browser = server.browser();
    Reply back = travel(browser, "?to=/money%3Fmonth=11");
    assertThat(location(back).toString()).endsWith("/money?month=11");
    Reply session = browser.send("GET", "/auth/session", null);
    assertThat(session.body().at("/user/email").asString()).isEqualTo("wu@example.com");
    assertThat(session.body().at("/tenants/0/role").asString()).isEqualTo("developer");
    assertThat(session.body().path("only_tenant").isNull()).isTrue();
    assertThat(server.browser().send("GET", "/auth/providers", null).body().at("/items/0/path"))
        .hasToString("\"/auth/oidc/test\"");
  }

  @Test
  void asksForTheAddressWhereTheTokenDoesNotTellIt() throws Exception {
    provider.person("2", "li@example.com");
    provider.emailInToken(false);
    try {
      Browser browser = server.browser();
      assertThat(location(travel(browser, "")).getPath()).isEqualTo("/");
      assertThat(browser.send("GET", "/auth/session", null).body().at("/user/email").asString())
          .isEqualTo("li@example.com");
    } finally {
      provider.emailInToken(true);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void believesNoTokenThatIsWrong(Fault fault) throws Exception {
    provider.person("3-" + fault, "zhao@example.com");
    provider.fault(fault);
    try {
      Browser browser = server.browser();
      assertThat(location(travel(browser, "")).toString())
          .endsWith("/sign-in?error=provider_refused");
      assertThat(browser.send("GET", "/auth/session", null).status()).isEqualTo(401);
    } finally {
      provider.fault(Fault.NONE);
    }
  }

  @Test
  void believesNoAnswerThatNobodyAskedFor() throws Exception {
    provider.person("4", "qian@example.com");
    Browser browser = server.browser();
    URI there = location(browser.send("GET", "/auth/oidc/test", null));
    URI back = location(browser.send("GET", there, null));
    assertThat(location(server.browser().send("GET", back, null)).toString())
        .as("in another browser")
        .endsWith("error=provider_refused");
    URI forged = URI.create(back.toString().replaceAll("state=[^&]+", "state=forged"));
    assertThat(location(browser.send("GET", forged, null)).toString())
        .endsWith("error=provider_refused");
    assertThat(location(browser.send("GET", back, null)).toString())
        .as("the errand is over")
        .endsWith("error=provider_refused");
    assertThat(location(browser.send("GET", "/auth/oidc/test/callback?error=access_denied", null)))
        .hasQuery("error=provider_refused");
  }

  @Test
  void letsNobodyOfAnotherDomainInAndSendsNobodyElsewhere() throws Exception {
    provider.person("5", "sun@elsewhere.example");
    assertThat(location(travel(server.browser(), "")).toString())
        .endsWith("error=provider_refused");
    provider.person("6", "sun@example.com");
    for (String to : List.of("//evil.example", "https://evil.example", "/%5Cevil.example", "x")) {
      assertThat(location(travel(server.browser(), "?to=" + to))).as(to).hasPath("/");
    }
  }

  @Test
  void saysSoWhenTheProviderIsNotThere() throws Exception {
    assertThat(location(server.browser().send("GET", "/auth/oidc/gone", null)).toString())
        .endsWith("error=provider_refused");
    assertThat(server.browser().send("GET", "/auth/oidc/none", null).status()).isEqualTo(404);
  }
}
