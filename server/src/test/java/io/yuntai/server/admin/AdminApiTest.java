package io.yuntai.server.admin;

import static io.yuntai.server.admin.AdminServer.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.admin.AdminServer.Reply;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What holds for every route of the admin API. */
class AdminApiTest {

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
  void servesEverythingThatTheDocumentPromises() {
    assertThat(api.document().path("openapi").asString()).isEqualTo("3.1.0");
    List<String> referred = api.document().findValuesAsString("$ref");
    assertThat(referred).isNotEmpty();
    for (String ref : referred) {
      assertThat(api.document().at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
    }
    for (var path : api.document().path("paths").properties()) {
      String url = path.getKey().replaceAll("\\{[a-z]+}", "nothing");
      for (var operation : path.getValue().properties()) {
        if (operation.getKey().equals("parameters")) {
          continue;
        }
        assertThat(send(operation.getKey().toUpperCase(Locale.ROOT), url))
            .as("%s %s", operation.getKey(), url)
            .isEqualTo(401);
      }
    }
  }

  private static int send(String method, String path) {
    try {
      return api.send("", method, path, method.equals("GET") ? null : "{}", Map.of()).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void losesNobodysChange() throws Exception {
    String at = "/tenants/" + api.tenant();
    String etag = api.call(OPERATOR, "GET", at, null, Map.of()).etag().orElseThrow();
    Map<String, String> match = Map.of("If-Match", etag);
    Reply first = api.call(OPERATOR, "PATCH", at, Map.of("title", "first"), match);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.etag()).isPresent().isNotEqualTo(Optional.of(etag));
    Reply second = api.call(OPERATOR, "PATCH", at, Map.of("title", "second"), match);
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.body().path("type").asString()).isEqualTo("urn:yuntai:problem:changed");
    assertThat(api.call(OPERATOR, "DELETE", at, null, match).status()).isEqualTo(412);
    assertThat(api.ok("GET", at, null).path("title").asString()).isEqualTo("first");
  }

  @Test
  void doesOnceWhatIsSentTwice() throws Exception {
    String at = "/tenants/" + api.tenant() + "/keys";
    Map<String, String> once = Map.of("Idempotency-Key", "k-" + at);
    List<Callable<Reply>> together = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      together.add(() -> api.call(OPERATOR, "POST", at, Map.of("name", "ci"), once));
    }
    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> reply : threads.invokeAll(together)) {
        replies.add(reply.get());
      }
    }
    assertThat(replies).allSatisfy(reply -> assertThat(reply).isEqualTo(replies.getFirst()));
    assertThat(replies.getFirst().status()).isEqualTo(201);
    assertThat(api.keys().authenticate(replies.getFirst().body().path("key").asString()))
        .isPresent();
    assertThat(api.ok("GET", at, null).path("items").size()).isEqualTo(1);
    assertThat(api.call(OPERATOR, "POST", at, Map.of("name", "other"), once).status())
        .isEqualTo(422);
    Map<String, String> refused = Map.of("Idempotency-Key", "r-" + at);
    assertThat(api.call(OPERATOR, "POST", at, Map.of("name", ""), refused).status()).isEqualTo(400);
    assertThat(api.call(OPERATOR, "POST", at, Map.of("name", "now right"), refused).status())
        .as("what was refused was not done")
        .isEqualTo(201);
  }

  @Test
  void givesListsPageByPage() throws Exception {
    String at = "/tenants/" + api.tenant() + "/projects";
    for (int i = 0; i < 5; i++) {
      api.ok("POST", at, Map.of("name", "p" + i));
    }
    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          api.ok("GET", at + "?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor), null);
      page.path("items").forEach(item -> names.add(item.path("name").asString()));
      cursor = page.path("next_cursor").asString("");
    } while (!cursor.isEmpty());
    assertThat(names).containsExactly("default", "p0", "p1", "p2", "p3", "p4");
    for (String query : List.of("limit=0", "limit=x", "limit=9999", "cursor=%00")) {
      assertThat(api.call(OPERATOR, "GET", at + "?" + query, null, Map.of()).status())
          .as(query)
          .isEqualTo(400);
    }
  }

  @Test
  void saysWhatIsWrongAsProblems() throws Exception {
    String name = api.tenant();
    Reply taken =
        api.call(OPERATOR, "POST", "/tenants", Map.of("name", name, "currency", "CNY"), Map.of());
    assertThat(taken.status()).isEqualTo(409);
    assertThat(taken.body().path("field").asString()).isEqualTo("name");
    Reply unknown =
        api.call(
            OPERATOR, "POST", "/tenants", Map.of("name", "n", "currency", "CNY", "x", 1), Map.of());
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.body().path("detail").asString()).contains("x");
    HttpResponse<String> nowhere = api.send(OPERATOR, "GET", "/nowhere", null, Map.of());
    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(nowhere.headers().firstValue("Content-Type")).contains("application/problem+json");
    HttpResponse<String> wrongMethod = api.send(OPERATOR, "PUT", "/tenants", "{}", Map.of());
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
  }

  @Test
  void neverFailsWhateverIsSent() throws Exception {
    long seed = Long.getLong("yuntai.seed", new Random().nextLong());
    Random random = new Random(seed);
    String name = api.tenant();
    List<String> values =
        List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"1\"",
            "\"acme\"",
            "[]",
            "[null]",
            "[\"*\"]",
            "[\"a\\u0000\"]",
            "{}",
            "\"2999-01-01T00:00:00Z\"",
            "\"" + "x".repeat(2000) + "\"",
            "9223372036854775808",
            "\"generate\"",
            "[\"generate\"]",
            "\"day\"",
            "\"money\"",
            "\"tenant\"",
            "\"CNY\"",
            "\"owner\"",
            "\"1/day\"");
    List<String> places =
        List.of(
            name,
            "%00",
            "%F0%9F",
            "..",
            "default",
            "1",
            "x".repeat(300),
            "li@example.com",
            "%ED%A0%80");
    for (int i = 0; i < 400; i++) {
      List<String> paths = new ArrayList<>();
      api.document().path("paths").propertyNames().forEach(paths::add);
      String template = paths.get(random.nextInt(paths.size()));
      JsonNode operations = api.document().path("paths").path(template);
      List<String> methods = new ArrayList<>(operations.propertyNames());
      methods.remove("parameters");
      String method = methods.get(random.nextInt(methods.size()));
      String path = template.replace("{tenant}", name);
      while (path.contains("{")) {
        path = path.replaceFirst("\\{[a-z]+}", places.get(random.nextInt(places.size())));
      }
      JsonNode schema = operations.path(method).at("/requestBody/content/application~1json/schema");
      StringBuilder body = new StringBuilder("{");
      String schemaName = schema.path("$ref").asString("").replaceAll(".*/", "");
      for (String field :
          api.document().at("/components/schemas/" + schemaName + "/properties").propertyNames()) {
        if (random.nextInt(4) > 0) {
          body.append(body.length() > 1 ? "," : "")
              .append("\"")
              .append(field)
              .append("\":")
              .append(values.get(random.nextInt(values.size())));
        }
      }
      body.append("}");
      if (random.nextInt(8) == 0) {
        body.setLength(random.nextInt(body.length() + 1));
      }
      HttpResponse<String> response =
          api.send(
              OPERATOR,
              method.toUpperCase(Locale.ROOT),
              path,
              method.equals("get") ? null : body.toString(),
              Map.of());
      assertThat(response.statusCode())
          .as("seed %d: %s %s %s -> %s", seed, method, path, body, response.body())
          .isLessThan(500);
    }
  }
}
