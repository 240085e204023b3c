package io.yuntai.server.admin;

import static io.yuntai.server.admin.AdminServer.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Models, how the server stands, and what was spent; every answer is held against the document. */
class MachineRoutesTest {
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
  void modelsAreListedPulledAndCancelled() throws Exception {
    JsonNode models = api.ok("GET", "/models", null).path("items");
    assertThat(models.findValuesAsString("name")).contains("smollm2:135m", "qwen3:30b-a3b");
    JsonNode pull = api.ok("POST", "/model-pulls", Map.of("model", "smollm2:135m"));
    String id = pull.path("id").asString();
    assertThat(api.ok("GET", "/models/smollm2:135m", null).path("state").asString())
        .isEqualTo("pulling");
    assertThat(api.ok("GET", "/model-pulls", null).path("items").size()).isEqualTo(1);
    api.ok("DELETE", "/model-pulls/" + id, null);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            api.ok("GET", "/model-pulls/" + id, null).path("phase").asString().equals("cancelled"));
    assertThat(api.ok("GET", "/models/smollm2:135m", null).path("state").asString())
        .isEqualTo("available");
    for (String what : new String[] {"serve", "retire"}) {
      assertThat(
              api.call(OPERATOR, "POST", "/models/smollm2:135m/" + what, null, Map.of()).status())
          .as(what)
          .isEqualTo(404);
    }
  }

  @Test
  void theLedgerIsVerifiedAndNothingNeedsAnybody() throws Exception {
    assertThat(api.ok("POST", "/ledger/proof", null).path("holds").asBoolean()).isTrue();
    assertThat(api.ok("GET", "/ledger/proof", null).path("checks").size()).isGreaterThan(10);
    String tenant = api.tenant();
    assertThat(api.ok("GET", "/tenants/" + tenant + "/standing", null).path("items").size())
        .isZero();
    for (JsonNode item : api.ok("GET", "/standing", null).path("items")) {
      assertThat(item.path("kind").asString()).as("%s", item).startsWith("disk_");
    }
    String key = api.adminKey(tenant, Map.of());
    for (String path : new String[] {"/standing", "/models", "/ledger/proof"}) {
      assertThat(api.call(key, "GET", path, null, Map.of()).status()).as(path).isEqualTo(403);
    }
  }

  @Test
  void spendingAndPaymentsAreToldExactly() throws Exception {
    String at = "/tenants/" + api.tenant();
    assertThat(api.ok("GET", at + "/spending", null).path("amount").asString())
        .isEqualTo("0.000000000000");
    Map<String, Object> payment = Map.of("amount", "12.50", "reference", "bank 7");
    assertThat(api.ok("POST", at + "/payments", payment).path("amount").asString())
        .isEqualTo("12.50");
    assertThat(
            api.call(
                    OPERATOR,
                    "GET",
                    at + "/requests/01a20897-6a09-7b72-9e17-1b020d46dce9/proof",
                    null,
                    Map.of())
                .status())
        .isEqualTo(404);
    String key = api.adminKey(at.substring("/tenants/".length()), Map.of());
    assertThat(api.call(key, "POST", at + "/payments", payment, Map.of()).status()).isEqualTo(403);
  }
}
