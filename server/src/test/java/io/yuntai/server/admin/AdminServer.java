package io.yuntai.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.yuntai.ledger.capital.CapitalPlans;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Identity;
import io.yuntai.ledger.identity.PasswordHashes;
import io.yuntai.ledger.identity.SessionLimits;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.keys.SealedAnswers;
import io.yuntai.planner.facts.Facts;
import io.yuntai.server.api.Callers;
import io.yuntai.server.auth.SessionGate;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.HttpServer;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.plans.PlanJobs;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The admin API over HTTP, on a real database; each answer is held against the document. */
final class AdminServer implements AutoCloseable {
  /** The operator's key. */
  static final String OPERATOR = "operator-token";

  private static final JsonMapper JSON = new JsonMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final AtomicInteger numbers = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Database database;
  private final ApiKeys keys;
  private final Identity identity;
  private final PlanJobs plans;
  private final HttpServer server;
  private final JsonNode document;
  private final TestMachine machine;

  private AdminServer(Path home) throws Exception {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    database = Database.open(DatabaseOptions.embedded(home));
    Transactions transactions = new Transactions(database.dataSource());
    Pepper pepper = Pepper.of(home, random);
    keys = new ApiKeys(transactions, pepper);
    identity =
        new Identity(
            transactions,
            pepper,
            random,
            new PasswordHashes(random, 1),
            SessionLimits.DEFAULTS,
            clock);
    plans = PlanJobs.start(new CapitalPlans(transactions), Facts.defaults());
    Access access =
        key ->
            key.equals(OPERATOR)
                ? Optional.of(Principal.OPERATOR)
                : keys.authenticate(key).map(Principal::of);
    machine = TestMachine.start(home, transactions, database.dataSource());
    AdminApi api =
        new AdminApi(
            new Callers(access),
            new SessionGate(identity.sessions(), Optional.empty()),
            new AdminRoutes(
                    AdminServices.of(
                        database.dataSource(), keys, identity, pepper, random, clock, true))
                .with(machine.shelf(), machine.standing())
                .with(plans),
            new OnceOnly(transactions, new SealedAnswers(transactions, pepper, random)));
    server = HttpServer.start(TestServer.OPTIONS, List.of(api), new InFlight(1000));
    document = JSON.readTree(send("", "GET", "/openapi.json", null, Map.of()).body());
  }

  static AdminServer start(Path home) throws Exception {
    return new AdminServer(home);
  }

  @Override
  public void close() {
    server.stop(Duration.ZERO);
    machine.close();
    plans.close();
    keys.close();
    database.close();
  }

  JsonNode document() {
    return document;
  }

  ApiKeys keys() {
    return keys;
  }

  Identity identity() {
    return identity;
  }

  DataSource pool() {
    return database.dataSource();
  }

  Transactions transactions() {
    return new Transactions(database.dataSource());
  }

  record Reply(int status, JsonNode body, Optional<String> etag) {}

  HttpResponse<String> send(
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
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends a request and holds its answer against the document. */
  Reply call(
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

  JsonNode operation(String method, String path) {
    String plain = path.replaceAll("[?].*", "");
    for (var entry : document.path("paths").properties()) {
      String template = entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
      if (plain.matches(template)) {
        JsonNode found = entry.getValue().path(method.toLowerCase(Locale.ROOT));
        assertThat(found.isMissingNode())
            .as("%s %s is not in the document", method, path)
            .isFalse();
        return found;
      }
    }
    throw new AssertionError(path + " is not in the document");
  }

  JsonNode ok(String method, String path, @Nullable Object body) throws Exception {
    Reply reply = call(OPERATOR, method, path, body, Map.of());
    assertThat(reply.status()).as("%s %s: %s", method, path, reply.body()).isBetween(200, 299);
    return reply.body();
  }

  String tenant() throws Exception {
    String name = "t" + numbers.incrementAndGet();
    ok(
        "POST",
        "/tenants",
        Map.of("name", name, "currency", "CNY", "billing", "prepaid", "time_zone", "UTC"));
    return name;
  }

  String adminKey(String tenant, Map<String, Object> more) throws Exception {
    Map<String, Object> body = new HashMap<>(more);
    body.put("name", "admin");
    body.put("scopes", List.of("admin"));
    return ok("POST", "/tenants/" + tenant + "/keys", body).path("key").asString();
  }
}
