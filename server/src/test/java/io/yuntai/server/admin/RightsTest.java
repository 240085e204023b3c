package io.yuntai.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.identity.OpenedSession;
import io.yuntai.ledger.identity.SignIn.LinkAnswer;
import io.yuntai.ledger.identity.SignInLink;
import io.yuntai.ledger.identity.Visitor;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.server.admin.AdminServer.Reply;
import io.yuntai.server.auth.SessionGate;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who may do what in the admin API, by key and by session. */
class RightsTest {

  @TempDir static Path home;
  private static AdminServer api;

  @BeforeAll
  static void start() throws Exception {
    api = AdminServer.start(home);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void hidesOtherTenants() throws Exception {
    String ours = api.tenant();
    String theirs = api.tenant();
    JsonNode theirKey = api.ok("POST", "/tenants/" + theirs + "/keys", Map.of("name", "x"));
    JsonNode theirBudget =
        api.ok(
            "POST",
            "/tenants/" + theirs + "/budgets",
            Map.of("level", "tenant", "unit", "tokens", "amount", "5"));
    String admin = api.adminKey(ours, Map.of());
    Reply foreign = api.call(admin, "GET", "/tenants/" + theirs, null, Map.of());
    Reply nobodys = api.call(admin, "GET", "/tenants/" + theirs + "x", null, Map.of());
    assertThat(foreign.status()).isEqualTo(404).isEqualTo(nobodys.status());
    assertThat(api.call(admin, "GET", "/tenants", null, Map.of()).body().path("items").size())
        .isEqualTo(1);
    for (String path :
        List.of(
            "/tenants/" + ours + "/keys/" + theirKey.path("id").asString(),
            "/tenants/" + ours + "/budgets/" + theirBudget.path("id").asString(),
            "/tenants/" + theirs + "/keys",
            "/tenants/" + theirs + "/audit",
            "/tenants/" + theirs + "/usage")) {
      assertThat(api.call(admin, "GET", path, null, Map.of()).status()).as(path).isEqualTo(404);
    }
    assertThat(
            api.call(
                    admin,
                    "DELETE",
                    "/tenants/" + ours + "/keys/" + theirKey.path("id").asString(),
                    null,
                    Map.of())
                .status())
        .isEqualTo(404);
    assertThat(api.keys().authenticate(theirKey.path("key").asString())).isPresent();
    assertThat(api.call(admin, "GET", "/audit", null, Map.of()).status()).isEqualTo(403);
    assertThat(
            api.call(admin, "POST", "/tenants", Map.of("name", "more", "currency", "CNY"), Map.of())
                .status())
        .isEqualTo(403);
    assertThat(
            api.call(
                    admin, "POST", "/tenants/" + ours + "/credits", Map.of("amount", "1"), Map.of())
                .status())
        .isEqualTo(403);
  }

  @Test
  void letsEachRoleDoWhatItMay() throws Exception {
    String name = api.tenant();
    String at = "/tenants/" + name;
    for (String role : List.of("owner", "admin", "billing", "developer", "auditor", "user")) {
      api.ok(
          "POST", at + "/members", Map.of("email", role + "@" + name + ".example", "role", role));
      String key = api.adminKey(name, Map.of("user", role + "@" + name + ".example"));
      Map<String, Object> plain = Map.of("name", "plain");
      Map<String, Object> admin = Map.of("name", "more", "scopes", List.of("admin"));
      Map<String, Object> budget =
          Map.of("level", "tenant", "unit", "tokens", "period", "day", "amount", "5");
      assertThat(api.call(key, "GET", at + "/keys", null, Map.of()).status())
          .as(role)
          .isEqualTo(role.equals("user") ? 403 : 200);
      assertThat(api.call(key, "POST", at + "/keys", plain, Map.of()).status())
          .as(role)
          .isEqualTo(List.of("owner", "admin", "developer").contains(role) ? 201 : 403);
      assertThat(api.call(key, "POST", at + "/keys", admin, Map.of()).status())
          .as("no key for more than its maker, %s", role)
          .isEqualTo(List.of("owner", "admin").contains(role) ? 201 : 403);
      assertThat(api.call(key, "POST", at + "/budgets", budget, Map.of()).status())
          .as(role)
          .isEqualTo(List.of("owner", "admin", "billing").contains(role) ? 201 : 403);
      assertThat(api.call(key, "GET", at + "/audit", null, Map.of()).status())
          .as(role)
          .isEqualTo(List.of("developer", "user").contains(role) ? 403 : 200);
      assertThat(
              api.call(
                      key,
                      "POST",
                      at + "/members",
                      Map.of("email", role + "2@" + name + ".example", "role", "owner"),
                      Map.of())
                  .status())
          .as(role)
          .isEqualTo(role.equals("owner") ? 201 : 403);
      assertThat(api.call(key, "PATCH", at, Map.of("status", "suspended"), Map.of()).status())
          .as(role)
          .isEqualTo(403);
    }
  }

  @Test
  void refusesKeysThatAreNotForIt() throws Exception {
    String name = api.tenant();
    String plain =
        api.ok("POST", "/tenants/" + name + "/keys", Map.of("name", "x")).path("key").asString();
    assertThat(api.call(plain, "GET", "/tenants", null, Map.of()).status()).isEqualTo(403);
    assertThat(api.call("wrong", "GET", "/tenants", null, Map.of()).status()).isEqualTo(401);
    Map<String, Object> elsewhere = Map.of("ip_ranges", List.of("203.0.113.0/24"));
    assertThat(api.call(api.adminKey(name, elsewhere), "GET", "/tenants", null, Map.of()).status())
        .isEqualTo(403);
    String admin = api.adminKey(name, Map.of());
    api.ok("PATCH", "/tenants/" + name, Map.of("status", "suspended"));
    await().until(() -> api.call(admin, "GET", "/tenants", null, Map.of()).status() == 403);
  }

  private static Map<String, String> asPerson(String tenant, String email, boolean everywhere) {
    Tenancy tenancy = new Tenancy(api.transactions());
    Organisation org = tenancy.organisations().find(tenant);
    SignInLink link =
        api.identity()
            .links()
            .forMember(
                new Actor("operator", "test"), org, tenancy.members().find(org, email), everywhere);
    OpenedSession opened =
        api.identity()
            .signIn()
            .byLink(
                new Visitor("127.0.0.1", "test", Optional.empty()),
                link.token(),
                new LinkAnswer(Optional.empty(), "", Optional.empty(), Optional.empty()));
    return Map.of(
        "Cookie",
        "yuntai_session=" + opened.token(),
        SessionGate.CSRF_HEADER,
        api.identity().sessions().csrf(opened.token()));
  }

  @Test
  void letsEachPersonDoWhatTheRoleMay() throws Exception {
    String name = api.tenant();
    String other = api.tenant();
    String at = "/tenants/" + name;
    for (String role : List.of("owner", "admin", "billing", "developer", "auditor", "user")) {
      String email = role + "@" + name + ".example";
      api.ok("POST", at + "/members", Map.of("email", email, "role", role));
      Map<String, String> session = asPerson(name, email, true);
      assertThat(api.call("", "GET", at + "/members", null, session).status())
          .as(role)
          .isEqualTo(role.equals("user") ? 403 : 200);
      assertThat(api.call("", "POST", at + "/keys", Map.of("name", "k"), session).status())
          .as(role)
          .isEqualTo(List.of("owner", "admin", "developer").contains(role) ? 201 : 403);
      assertThat(api.call("", "GET", at + "/audit", null, session).status())
          .as(role)
          .isEqualTo(List.of("developer", "user").contains(role) ? 403 : 200);
      assertThat(
              api.call("", "POST", at + "/projects", Map.of("name", "p-" + role), session).status())
          .as(role)
          .isEqualTo(List.of("owner", "admin").contains(role) ? 201 : 403);
      assertThat(api.call("", "GET", "/tenants/" + other, null, session).status()).isEqualTo(404);
      assertThat(api.call("", "GET", "/audit", null, session).status()).isEqualTo(403);
      assertThat(api.call("", "PATCH", at, Map.of("status", "suspended"), session).status())
          .isEqualTo(403);
    }
  }

  @Test
  void givesAPersonOfTwoTenantsEachOnesRole() throws Exception {
    String first = api.tenant();
    String second = api.tenant();
    String email = "two@" + first + ".example";
    api.ok("POST", "/tenants/" + first + "/members", Map.of("email", email, "role", "auditor"));
    api.ok("POST", "/tenants/" + second + "/members", Map.of("email", email, "role", "admin"));
    Map<String, String> session = asPerson(first, email, true);
    assertThat(api.call("", "GET", "/tenants", null, session).body().path("items").size())
        .isEqualTo(2);
    Map<String, String> body = Map.of("name", "web");
    assertThat(api.call("", "POST", "/tenants/" + first + "/projects", body, session).status())
        .isEqualTo(403);
    assertThat(api.call("", "POST", "/tenants/" + second + "/projects", body, session).status())
        .isEqualTo(201);
    Map<String, String> oneOnly = asPerson(first, email, false);
    assertThat(api.call("", "GET", "/tenants/" + second, null, oneOnly).status()).isEqualTo(404);
    api.ok("PATCH", "/tenants/" + second, Map.of("status", "suspended"));
    assertThat(api.call("", "GET", "/tenants/" + second, null, session).status()).isEqualTo(403);
    api.ok("DELETE", "/tenants/" + first + "/members/" + email, null);
    assertThat(api.call("", "GET", "/tenants/" + first, null, session).status())
        .as("at once, without a new sign-in")
        .isEqualTo(404);
  }

  @Test
  void takesChangesOfSessionsFromOurOwnPagesOnly() throws Exception {
    String name = api.tenant();
    String email = "owner@" + name + ".example";
    String projects = "/tenants/" + name + "/projects";
    api.ok("POST", "/tenants/" + name + "/members", Map.of("email", email, "role", "owner"));
    Map<String, String> session = asPerson(name, email, true);
    Map<String, String> body = Map.of("name", "web");
    Map<String, String> withoutToken = Map.of("Cookie", session.get("Cookie"));
    assertThat(api.call("", "POST", projects, body, withoutToken).status()).isEqualTo(403);
    Map<String, String> foreign = new HashMap<>(session);
    foreign.put("Origin", "https://evil.example");
    assertThat(api.call("", "POST", projects, body, foreign).status()).isEqualTo(403);
    foreign.remove("Origin");
    foreign.put("Sec-Fetch-Site", "same-site");
    assertThat(api.call("", "POST", projects, body, foreign).status()).isEqualTo(403);
    Map<String, String> ended = new HashMap<>(session);
    ended.put("Cookie", "yuntai_session=yt-session-unknown");
    assertThat(api.call("", "GET", projects, null, ended).status()).isEqualTo(401);
    assertThat(api.call("", "POST", projects, body, session).status()).isEqualTo(201);
    assertThat(
            api.ok("GET", "/tenants/" + name + "/audit?limit=1", null)
                .at("/items/0/actor")
                .asString())
        .isEqualTo("user:" + email);
  }

  @Test
  void letsOwnersOfTheDefaultTenantRunTheServer() throws Exception {
    String members = "/tenants/default/members";
    api.ok("POST", members, Map.of("email", "boss@example.com", "role", "owner"));
    api.ok("POST", members, Map.of("email", "helper@example.com", "role", "admin"));
    Map<String, String> boss = asPerson("default", "boss@example.com", true);
    Map<String, String> helper = asPerson("default", "helper@example.com", true);
    assertThat(api.call("", "GET", "/audit", null, boss).status()).isEqualTo(200);
    assertThat(api.call("", "GET", "/tenants/" + api.tenant(), null, boss).status()).isEqualTo(200);
    assertThat(api.call("", "GET", "/audit", null, helper).status()).isEqualTo(403);
    assertThat(api.call("", "GET", "/tenants/" + api.tenant(), null, helper).status())
        .isEqualTo(404);
  }
}
