package io.yuntai.server.admin;

import static io.yuntai.server.admin.AdminServer.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.server.admin.AdminServer.Reply;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Capital plans from their text to their files, over HTTP. */
class PlanRoutesTest {
  private static final String TEXT = PlanTemplate.START_UP.content();

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

  /** Events end when the plan is at its end. */
  private static String events(String id) throws Exception {
    HttpResponse<String> events =
        api.send(OPERATOR, "GET", "/plans/" + id + "/events", null, Map.of());
    assertThat(events.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return events.body();
  }

  @Test
  void aPlanIsSolvedInTheBackgroundAndWrittenAsFiles() throws Exception {
    JsonNode made = api.ok("POST", "/plans", Map.of("text", TEXT, "gap", 0.02));
    String id = made.path("id").asString();
    assertThat(made.path("state").asString()).isEqualTo("waiting");
    assertThat(made.path("input_sha256").asString()).hasSize(64);
    assertThat(events(id)).contains("event: plan\ndata: {").contains("\"state\":\"solved\"");
    JsonNode solved = api.ok("GET", "/plans/" + id, null);
    assertThat(solved.path("state").asString()).isEqualTo("solved");
    assertThat(solved.path("gap").asDouble()).isLessThanOrEqualTo(0.02);
    assertThat(solved.path("bound_millions").asDouble())
        .isGreaterThanOrEqualTo(solved.path("value_millions").asDouble());
    for (String form : new String[] {"json", "csv", "focus", "svg", "pdf", "xlsx", "mps"}) {
      HttpResponse<String> file =
          api.send(OPERATOR, "GET", "/plans/" + id + "/export?as=" + form, null, Map.of());
      assertThat(file.statusCode()).as(form).isEqualTo(200);
      assertThat(file.body()).as(form).isNotEmpty();
    }
    HttpResponse<String> table =
        api.send(
            OPERATOR, "GET", "/plans/" + id + "/export?as=svg&file=tornado.csv", null, Map.of());
    assertThat(table.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
    assertThat(table.body()).startsWith("assumption,share,");
    assertThat(api.ok("GET", "/plans?limit=5", null).path("items").size()).isPositive();
    HttpResponse<String> wrong =
        api.send(OPERATOR, "GET", "/plans/" + id + "/export?as=doc", null, Map.of());
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("xlsx, csv, json");
    api.ok("DELETE", "/plans/" + id, null);
    assertThat(api.call(OPERATOR, "GET", "/plans/" + id, null, Map.of()).status()).isEqualTo(404);
  }

  @Test
  void slipsInAPlanAreToldWithLineAndCell() throws Exception {
    String wrong = TEXT.replace("pue = 1.0", "pue = \"1 kW\"");
    Reply reply = api.call(OPERATOR, "POST", "/plans", Map.of("text", wrong), Map.of());
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body().path("detail").asString()).contains("plan.toml:", "sites.rack.pue");
    assertThat(reply.body().path("field").asString()).isEqualTo("text");
    assertThat(
            api.call(OPERATOR, "POST", "/plans", Map.of("text", TEXT, "gap", 7), Map.of()).status())
        .isEqualTo(400);
    assertThat(api.call(OPERATOR, "GET", "/plans/none", null, Map.of()).status()).isEqualTo(404);
  }

  @Test
  void theSameKeyMakesOnePlan() throws Exception {
    Map<String, String> once = Map.of("Idempotency-Key", "plan-once");
    Reply one = api.call(OPERATOR, "POST", "/plans", Map.of("text", TEXT), once);
    Reply two = api.call(OPERATOR, "POST", "/plans", Map.of("text", TEXT), once);
    assertThat(two.body().path("id")).isEqualTo(one.body().path("id"));
    String id = one.body().path("id").asString();
    api.ok("POST", "/plans/" + id + "/stop", null);
    assertThat(events(id)).containsAnyOf("\"state\":\"stopped\"", "\"state\":\"solved\"");
    api.ok("DELETE", "/plans/" + id, null);
  }

  /**
   * The company in three regions to a gap that it can't have; after its first tree, whose solution
   * does not bear all losses of sites yet.
   */
  @Test
  void aPlanThatIsSolvedStopsWithTheBestFound() throws Exception {
    Map<String, Object> asked =
        Map.of("text", PlanTemplate.ENTERPRISE.content(), "gap", 0, "seconds", 600);
    String id = api.ok("POST", "/plans", asked).path("id").asString();
    JsonNode plan = api.ok("GET", "/plans/" + id, null);
    while (!plan.path("step").asString().equals("whole numbers")) {
      assertThat(plan.path("state").asString()).isIn("waiting", "solving");
      plan = api.ok("GET", "/plans/" + id, null);
    }
    assertThat(plan.path("bound_millions").isNumber()).isTrue();
    api.ok("POST", "/plans/" + id + "/stop", null);
    assertThat(events(id)).contains("\"state\":\"solved\"");
    HttpResponse<String> decided =
        api.send(OPERATOR, "GET", "/plans/" + id + "/export?as=json", null, Map.of());
    assertThat(decided.body()).contains("It was stopped");
    JsonNode kept = api.ok("GET", "/plans/" + id, null);
    assertThat(kept.path("bound_millions").asDouble())
        .isGreaterThanOrEqualTo(kept.path("value_millions").asDouble());
    api.ok("DELETE", "/plans/" + id, null);
  }

  @Test
  void tenantsHaveNoPlans() throws Exception {
    String key = api.adminKey(api.tenant(), Map.of());
    assertThat(api.call(key, "GET", "/plans", null, Map.of()).status()).isEqualTo(403);
    assertThat(api.call(key, "POST", "/plans", Map.of("text", TEXT), Map.of()).status())
        .isEqualTo(403);
  }
}
