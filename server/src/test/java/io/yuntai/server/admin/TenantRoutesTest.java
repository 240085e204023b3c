package io.yuntai.server.admin;

import static io.yuntai.server.admin.AdminServer.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.KeyOwner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tenants and what is theirs, through the admin API. */
class TenantRoutesTest {

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
  void leadsATenantThroughItsLife() throws Exception {
    String name = api.tenant();
    String at = "/tenants/" + name;
    assertThat(api.ok("GET", "/tenants", null).path("items").size()).isPositive();
    api.ok("POST", at + "/credits", Map.of("amount", "100", "note", "first"));
    assertThat(api.ok("GET", at, null).path("credit").path("left").asString()).isEqualTo("100.00");
    api.ok("POST", at + "/projects", Map.of("name", "web", "title", "Web"));
    api.ok("PATCH", at + "/projects/web", Map.of("title", "Web shop"));
    api.ok("GET", at + "/projects/web", null);
    api.ok("GET", at + "/projects", null);
    api.ok("POST", at + "/members", Map.of("email", "li@example.com", "role", "owner"));
    api.ok("POST", at + "/members", Map.of("email", "wu@example.com", "role", "developer"));
    api.ok("PATCH", at + "/members/wu@example.com", Map.of("role", "auditor"));
    api.ok("GET", at + "/members/wu%40example.com", null);
    api.ok("GET", at + "/members", null);
    api.ok("POST", at + "/service-accounts", Map.of("name", "ci", "project", "web"));
    api.ok("GET", at + "/service-accounts/ci", null);
    api.ok("GET", at + "/service-accounts", null);
    JsonNode key =
        api.ok(
            "POST",
            at + "/keys",
            Map.of(
                "name",
                "ci",
                "project",
                "web",
                "service_account",
                "ci",
                "models",
                List.of("qwen*"),
                "ip_ranges",
                List.of("10.0.0.0/8"),
                "expires",
                "2999-01-31T00:00:00Z",
                "budget",
                "1/day"));
    String keyAt = at + "/keys/" + key.path("id").asString();
    api.ok("PATCH", keyAt, Map.of("name", "build"));
    JsonNode next = api.ok("POST", keyAt + "/rotate", Map.of("overlap_seconds", 3600));
    assertThat(next.path("rotated_from")).isEqualTo(key.path("id"));
    assertThat(api.ok("GET", at + "/keys", null).path("items").size()).isEqualTo(2);
    assertThat(api.keys().authenticate(next.path("key").asString()).orElseThrow().owner())
        .matches(owner -> !owner.answersGoOn());
    assertThat(api.ok("PATCH", at, Map.of("on_disconnect", "continue")).path("on_disconnect"))
        .hasToString("\"continue\"");
    await()
        .until(() ->
            api.keys()
                .authenticate(next.path("key").asString())
                .map(ApiKey::owner)
                .filter(KeyOwner::answersGoOn)
                .isPresent());
    JsonNode budget =
        api.ok(
            "POST",
            at + "/budgets",
            Map.of("level", "tenant", "unit", "money", "period", "month", "amount", "50"));
    String budgetAt = at + "/budgets/" + budget.path("id").asString();
    api.ok("PATCH", budgetAt, Map.of("amount", "60.5", "alert_percents", List.of(50)));
    assertThat(api.ok("GET", budgetAt, null).path("amount").asString()).isEqualTo("60.50");
    assertThat(api.ok("GET", at + "/budgets", null).path("items").size()).isEqualTo(2);
    api.ok("GET", at + "/credits", null);
    api.ok("GET", at + "/alerts", null);
    api.ok("GET", at + "/usage?by=day&from=2026-01-01T00:00:00Z", null);
    api.ok("DELETE", budgetAt, null);
    api.ok("DELETE", keyAt, null);
    api.ok("DELETE", at + "/service-accounts/ci", null);
    api.ok("DELETE", at + "/members/wu@example.com", null);
    JsonNode audit = api.ok("GET", at + "/audit?limit=1000", null).path("items");
    assertThat(audit.size()).isGreaterThan(12);
    assertThat(audit.get(0).path("actor").asString()).isEqualTo("operator");
    assertThat(audit.get(0).path("origin").asString()).isEqualTo("127.0.0.1");
    api.ok("GET", "/audit?limit=3", null);
    api.ok("PATCH", at, Map.of("status", "suspended"));
    api.ok("DELETE", at, null);
    assertThat(api.call(OPERATOR, "GET", at, null, Map.of()).status()).isEqualTo(404);
  }
}
