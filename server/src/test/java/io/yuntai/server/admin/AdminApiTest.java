package io.yuntai.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.keys.SealedAnswers;
import io.yuntai.server.api.Callers;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.HttpServer;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The admin API over HTTP, on a real database; each answer is held against the document. */
class AdminApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String OPERATOR = "operator-token";
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @TempDir static Path home;
  private static Database database;
  private static ApiKeys keys;
  private static HttpServer server;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static JsonNode document;

  @BeforeAll
  static void start() throws Exception {
    SecureRandom random = new SecureRandom();
    database = Database.open(DatabaseOptions.embedded(home));
    Transactions transactions = new Transactions(database.dataSource());
    Pepper pepper = Pepper.of(home, random);
    keys = new ApiKeys(transactions, pepper);
    Access access =
        key ->
            key.equals(OPERATOR)
                ? Optional.of(Principal.OPERATOR)
                : keys.authenticate(key).map(Principal::of);
    AdminApi api =
        new AdminApi(
            new Callers(access),
            new AdminRoutes(AdminServices.of(transactions, keys, InstantSource.system())),
            new OnceOnly(transactions, new SealedAnswers(transactions, pepper, random)));
    server = HttpServer.start(TestServer.OPTIONS, List.of(api), new InFlight(1000));
    document = JSON.readTree(send("", "GET", "/openapi.json", null, Map.of()).body());
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop(Duration.ZERO);
    keys.close();
    database.close();
  }

  private record Reply(int status, JsonNode body, Optional<String> etag) {}

  private static HttpResponse<String> send(
      String key, String method, String path, @Nullable Object body, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/admin/v1" + path))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(
                        body instanceof String text ? text : JSON.writeValueAsString(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    headers.forEach(request::header);
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends a request and holds its answer against the document. */
  private static Reply call(
      String key, String method, String path, @Nullable Object body, Map<String, String> headers)
      throws Exception {
    HttpResponse<String> response = send(key, method, path, body, headers);
    JsonNode operation = operation(method, path);
    String status = Integer.toString(response.statusCode());
    JsonNode said =
        operation.path("responses").has(status)
            ? operation.path("responses").get(status)
            : operation.path("responses").path("default");
    String type = response.headers().firstValue("Content-Type").orElse("");
    JsonNode answer = JSON.missingNode();
    if (said.has("content")) {
      assertThat(said.path("content").has(type)).as("%s %s: %s", method, path, type).isTrue();
      ObjectNode schema = (ObjectNode) said.path("content").path(type).path("schema").deepCopy();
      schema.set("components", document.path("components"));
      var wrong =
          SCHEMAS
              .getSchema(JSON.writeValueAsString(schema))
              .validate(response.body(), InputFormat.JSON);
      assertThat(wrong).as("%s %s: %s", method, path, response.body()).isEmpty();
      answer = JSON.readTree(response.body());
    } else {
      assertThat(response.body()).isEmpty();
    }
    return new Reply(response.statusCode(), answer, response.headers().firstValue("ETag"));
  }

  private static JsonNode operation(String method, String path) {
    String plain = path.replaceAll("[?].*", "");
    for (var entry : document.path("paths").properties()) {
      String template = entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
      if (plain.matches(template)) {
        JsonNode found = entry.getValue().path(method.toLowerCase(java.util.Locale.ROOT));
        assertThat(found.isMissingNode())
            .as("%s %s is not in the document", method, path)
            .isFalse();
        return found;
      }
    }
    throw new AssertionError(path + " is not in the document");
  }

  private static JsonNode ok(String method, String path, @Nullable Object body) throws Exception {
    Reply reply = call(OPERATOR, method, path, body, Map.of());
    assertThat(reply.status()).as("%s %s: %s", method, path, reply.body()).isBetween(200, 299);
    return reply.body();
  }

  private static String tenant() throws Exception {
    String name = "t" + NUMBERS.incrementAndGet();
    ok(
        "POST",
        "/tenants",
        Map.of("name", name, "currency", "CNY", "billing", "prepaid", "time_zone", "UTC"));
    return name;
  }

  private static String adminKey(String tenant, Map<String, Object> more) throws Exception {
    Map<String, Object> body = new java.util.HashMap<>(more);
    body.put("name", "admin");
    body.put("scopes", List.of("admin"));
    return ok("POST", "/tenants/" + tenant + "/keys", body).path("key").asString();
  }

  @Test
  void leadsATenantThroughItsLife() throws Exception {
    String name = tenant();
    String at = "/tenants/" + name;
    assertThat(ok("GET", "/tenants", null).path("items").size()).isPositive();
    ok("POST", at + "/credits", Map.of("amount", "100", "note", "first"));
    assertThat(ok("GET", at, null).path("credit").path("left").asString()).isEqualTo("100.00");
    ok("POST", at + "/projects", Map.of("name", "web", "title", "Web"));
    ok("PATCH", at + "/projects/web", Map.of("title", "Web shop"));
    ok("GET", at + "/projects/web", null);
    ok("GET", at + "/projects", null);
    ok("POST", at + "/members", Map.of("email", "li@example.com", "role", "owner"));
    ok("POST", at + "/members", Map.of("email", "wu@example.com", "role", "developer"));
    ok("PATCH", at + "/members/wu@example.com", Map.of("role", "auditor"));
    ok("GET", at + "/members/wu%40example.com", null);
    ok("GET", at + "/members", null);
    ok("POST", at + "/service-accounts", Map.of("name", "ci", "project", "web"));
    ok("GET", at + "/service-accounts/ci", null);
    ok("GET", at + "/service-accounts", null);
    JsonNode key =
        ok(
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
    ok("PATCH", keyAt, Map.of("name", "build"));
    JsonNode next = ok("POST", keyAt + "/rotate", Map.of("overlap_seconds", 3600));
    assertThat(next.path("rotated_from")).isEqualTo(key.path("id"));
    assertThat(ok("GET", at + "/keys", null).path("items").size()).isEqualTo(2);
    assertThat(keys.authenticate(next.path("key").asString())).isPresent();
    JsonNode budget =
        ok(
            "POST",
            at + "/budgets",
            Map.of("level", "tenant", "unit", "money", "period", "month", "amount", "50"));
    String budgetAt = at + "/budgets/" + budget.path("id").asString();
    ok("PATCH", budgetAt, Map.of("amount", "60.5", "alert_percents", List.of(50)));
    assertThat(ok("GET", budgetAt, null).path("amount").asString()).isEqualTo("60.50");
    assertThat(ok("GET", at + "/budgets", null).path("items").size()).isEqualTo(2);
    ok("GET", at + "/credits", null);
    ok("GET", at + "/alerts", null);
    ok("GET", at + "/usage?by=day&from=2026-01-01T00:00:00Z", null);
    ok("DELETE", budgetAt, null);
    ok("DELETE", keyAt, null);
    ok("DELETE", at + "/service-accounts/ci", null);
    ok("DELETE", at + "/members/wu@example.com", null);
    JsonNode audit = ok("GET", at + "/audit?limit=1000", null).path("items");
    assertThat(audit.size()).isGreaterThan(12);
    assertThat(audit.get(0).path("actor").asString()).isEqualTo("operator");
    assertThat(audit.get(0).path("origin").asString()).isEqualTo("127.0.0.1");
    ok("GET", "/audit?limit=3", null);
    ok("PATCH", at, Map.of("status", "suspended"));
    ok("DELETE", at, null);
    assertThat(call(OPERATOR, "GET", at, null, Map.of()).status()).isEqualTo(404);
  }

  @Test
  void servesEverythingThatTheDocumentPromises() {
    assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
    List<String> referred = document.findValuesAsString("$ref");
    assertThat(referred).isNotEmpty();
    for (String ref : referred) {
      assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
    }
    for (var path : document.path("paths").properties()) {
      String url = path.getKey().replaceAll("\\{[a-z]+}", "nothing");
      for (var operation : path.getValue().properties()) {
        if (operation.getKey().equals("parameters")) {
          continue;
        }
        assertThat(send(operation.getKey().toUpperCase(java.util.Locale.ROOT), url))
            .as("%s %s", operation.getKey(), url)
            .isEqualTo(401);
      }
    }
  }

  private static int send(String method, String path) {
    try {
      return send("", method, path, method.equals("GET") ? null : "{}", Map.of()).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hidesOtherTenants() throws Exception {
    String ours = tenant();
    String theirs = tenant();
    JsonNode theirKey = ok("POST", "/tenants/" + theirs + "/keys", Map.of("name", "x"));
    JsonNode theirBudget =
        ok(
            "POST",
            "/tenants/" + theirs + "/budgets",
            Map.of("level", "tenant", "unit", "tokens", "amount", "5"));
    String admin = adminKey(ours, Map.of());
    Reply foreign = call(admin, "GET", "/tenants/" + theirs, null, Map.of());
    Reply nobodys = call(admin, "GET", "/tenants/" + theirs + "x", null, Map.of());
    assertThat(foreign.status()).isEqualTo(404).isEqualTo(nobodys.status());
    assertThat(call(admin, "GET", "/tenants", null, Map.of()).body().path("items").size())
        .isEqualTo(1);
    for (String path :
        List.of(
            "/tenants/" + ours + "/keys/" + theirKey.path("id").asString(),
            "/tenants/" + ours + "/budgets/" + theirBudget.path("id").asString(),
            "/tenants/" + theirs + "/keys",
            "/tenants/" + theirs + "/audit",
            "/tenants/" + theirs + "/usage")) {
      assertThat(call(admin, "GET", path, null, Map.of()).status()).as(path).isEqualTo(404);
    }
    assertThat(
            call(
                    admin,
                    "DELETE",
                    "/tenants/" + ours + "/keys/" + theirKey.path("id").asString(),
                    null,
                    Map.of())
                .status())
        .isEqualTo(404);
    assertThat(keys.authenticate(theirKey.path("key").asString())).isPresent();
    assertThat(call(admin, "GET", "/audit", null, Map.of()).status()).isEqualTo(403);
    assertThat(
            call(admin, "POST", "/tenants", Map.of("name", "more", "currency", "CNY"), Map.of())
                .status())
        .isEqualTo(403);
    assertThat(
            call(admin, "POST", "/tenants/" + ours + "/credits", Map.of("amount", "1"), Map.of())
                .status())
        .isEqualTo(403);
  }

  @Test
  void letsEachRoleDoWhatItMay() throws Exception {
    String name = tenant();
    String at = "/tenants/" + name;
    for (String role : List.of("owner", "admin", "billing", "developer", "auditor")) {
      ok("POST", at + "/members", Map.of("email", role + "@" + name + ".example", "role", role));
      String key = adminKey(name, Map.of("user", role + "@" + name + ".example"));
      Map<String, Object> plain = Map.of("name", "plain");
      Map<String, Object> admin = Map.of("name", "more", "scopes", List.of("admin"));
      Map<String, Object> budget =
          Map.of("level", "tenant", "unit", "tokens", "period", "day", "amount", "5");
      assertThat(call(key, "GET", at + "/keys", null, Map.of()).status()).isEqualTo(200);
      assertThat(call(key, "POST", at + "/keys", plain, Map.of()).status())
          .as(role)
          .isEqualTo(List.of("owner", "admin", "developer").contains(role) ? 201 : 403);
      assertThat(call(key, "POST", at + "/keys", admin, Map.of()).status())
          .as("no key for more than its maker, %s", role)
          .isEqualTo(List.of("owner", "admin").contains(role) ? 201 : 403);
      assertThat(call(key, "POST", at + "/budgets", budget, Map.of()).status())
          .as(role)
          .isEqualTo(List.of("owner", "admin", "billing").contains(role) ? 201 : 403);
      assertThat(call(key, "GET", at + "/audit", null, Map.of()).status())
          .as(role)
          .isEqualTo(role.equals("developer") ? 403 : 200);
      assertThat(
              call(
                      key,
                      "POST",
                      at + "/members",
                      Map.of("email", role + "2@" + name + ".example", "role", "owner"),
                      Map.of())
                  .status())
          .as(role)
          .isEqualTo(role.equals("owner") ? 201 : 403);
      assertThat(call(key, "PATCH", at, Map.of("status", "suspended"), Map.of()).status())
          .as(role)
          .isEqualTo(403);
    }
  }

  @Test
  void refusesKeysThatAreNotForIt() throws Exception {
    String name = tenant();
    String plain =
        ok("POST", "/tenants/" + name + "/keys", Map.of("name", "x")).path("key").asString();
    assertThat(call(plain, "GET", "/tenants", null, Map.of()).status()).isEqualTo(403);
    assertThat(call("wrong", "GET", "/tenants", null, Map.of()).status()).isEqualTo(401);
    Map<String, Object> elsewhere = Map.of("ip_ranges", List.of("203.0.113.0/24"));
    assertThat(call(adminKey(name, elsewhere), "GET", "/tenants", null, Map.of()).status())
        .isEqualTo(403);
    String admin = adminKey(name, Map.of());
    ok("PATCH", "/tenants/" + name, Map.of("status", "suspended"));
    org.awaitility.Awaitility.await()
        .until(() -> call(admin, "GET", "/tenants", null, Map.of()).status() == 403);
  }

  @Test
  void losesNobodysChange() throws Exception {
    String at = "/tenants/" + tenant();
    String etag = call(OPERATOR, "GET", at, null, Map.of()).etag().orElseThrow();
    Map<String, String> match = Map.of("If-Match", etag);
    Reply first = call(OPERATOR, "PATCH", at, Map.of("title", "first"), match);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.etag()).isPresent().isNotEqualTo(Optional.of(etag));
    Reply second = call(OPERATOR, "PATCH", at, Map.of("title", "second"), match);
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.body().path("type").asString()).isEqualTo("urn:yuntai:problem:changed");
    assertThat(call(OPERATOR, "DELETE", at, null, match).status()).isEqualTo(412);
    assertThat(ok("GET", at, null).path("title").asString()).isEqualTo("first");
  }

  @Test
  void doesOnceWhatIsSentTwice() throws Exception {
    String at = "/tenants/" + tenant() + "/keys";
    Map<String, String> once = Map.of("Idempotency-Key", "k-" + at);
    List<Callable<Reply>> together = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      together.add(() -> call(OPERATOR, "POST", at, Map.of("name", "ci"), once));
    }
    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> reply : threads.invokeAll(together)) {
        replies.add(reply.get());
      }
    }
    assertThat(replies).allSatisfy(reply -> assertThat(reply).isEqualTo(replies.getFirst()));
    assertThat(replies.getFirst().status()).isEqualTo(201);
    assertThat(keys.authenticate(replies.getFirst().body().path("key").asString())).isPresent();
    assertThat(ok("GET", at, null).path("items").size()).isEqualTo(1);
    assertThat(call(OPERATOR, "POST", at, Map.of("name", "other"), once).status()).isEqualTo(422);
    Map<String, String> refused = Map.of("Idempotency-Key", "r-" + at);
    assertThat(call(OPERATOR, "POST", at, Map.of("name", ""), refused).status()).isEqualTo(400);
    assertThat(call(OPERATOR, "POST", at, Map.of("name", "now right"), refused).status())
        .as("what was refused was not done")
        .isEqualTo(201);
  }

  @Test
  void givesListsPageByPage() throws Exception {
    String at = "/tenants/" + tenant() + "/projects";
    for (int i = 0; i < 5; i++) {
      ok("POST", at, Map.of("name", "p" + i));
    }
    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          ok("GET", at + "?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor), null);
      page.path("items").forEach(item -> names.add(item.path("name").asString()));
      cursor = page.path("next_cursor").asString("");
    } while (!cursor.isEmpty());
    assertThat(names).containsExactly("default", "p0", "p1", "p2", "p3", "p4");
    for (String query : List.of("limit=0", "limit=x", "limit=9999", "cursor=%00")) {
      assertThat(call(OPERATOR, "GET", at + "?" + query, null, Map.of()).status())
          .as(query)
          .isEqualTo(400);
    }
  }

  @Test
  void saysWhatIsWrongAsProblems() throws Exception {
    String name = tenant();
    Reply taken =
        call(OPERATOR, "POST", "/tenants", Map.of("name", name, "currency", "CNY"), Map.of());
    assertThat(taken.status()).isEqualTo(409);
    assertThat(taken.body().path("field").asString()).isEqualTo("name");
    Reply unknown =
        call(
            OPERATOR, "POST", "/tenants", Map.of("name", "n", "currency", "CNY", "x", 1), Map.of());
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.body().path("detail").asString()).contains("x");
    HttpResponse<String> nowhere = send(OPERATOR, "GET", "/nowhere", null, Map.of());
    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(nowhere.headers().firstValue("Content-Type")).contains("application/problem+json");
    HttpResponse<String> wrongMethod = send(OPERATOR, "PUT", "/tenants", "{}", Map.of());
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
  }

  @Test
  void neverFailsWhateverIsSent() throws Exception {
    long seed = Long.getLong("yuntai.seed", new Random().nextLong());
    Random random = new Random(seed);
    String name = tenant();
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
      document.path("paths").propertyNames().forEach(paths::add);
      String template = paths.get(random.nextInt(paths.size()));
      JsonNode operations = document.path("paths").path(template);
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
          document.at("/components/schemas/" + schemaName + "/properties").propertyNames()) {
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
          send(
              OPERATOR,
              method.toUpperCase(java.util.Locale.ROOT),
              path,
              method.equals("get") ? null : body.toString(),
              Map.of());
      assertThat(response.statusCode())
          .as("seed %d: %s %s %s -> %s", seed, method, path, body, response.body())
          .isLessThan(500);
    }
  }
}
