package io.yuntai.server.admin;

import static io.yuntai.server.admin.AdminServer.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.yuntai.ledger.alerts.AlertOutbox;
import io.yuntai.ledger.budgets.BudgetAlerts;
import io.yuntai.ledger.budgets.BudgetPlans;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.server.alerts.AlertCourier;
import io.yuntai.server.config.AlertSettings;
import io.yuntai.server.config.AlertSettings.Smtp;
import io.yuntai.server.config.AlertSettings.Smtp.Security;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alerts from a budget to a webhook and a mailbox. */
class AlertRoutesTest {
  private record Call(Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  @TempDir static Path home;
  private static AdminServer api;
  private static HttpServer receiver;
  private static GreenMail mails;
  private static AlertCourier courier;
  private static final List<Call> CALLS = new CopyOnWriteArrayList<>();

  /** How many calls are refused before one is taken. */
  private static final AtomicInteger REFUSED = new AtomicInteger(1);

  @BeforeAll
  static void start() throws Exception {
    api = AdminServer.start(home);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          CALLS.add(new Call(Map.copyOf(exchange.getRequestHeaders()), body));
          exchange.sendResponseHeaders(REFUSED.getAndDecrement() > 0 ? 503 : 204, -1);
          exchange.close();
        });
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.start();
    ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
    setup.setServerStartupTimeout(60_000);
    mails = new GreenMail(setup);
    mails.start();
    AlertSettings settings =
        new AlertSettings(
            true,
            Optional.of(
                new Smtp(
                    "127.0.0.1",
                    mails.getSmtp().getPort(),
                    Security.NONE,
                    "",
                    "",
                    "yuntai@example.com")));
    Pepper pepper = Pepper.of(home, new SecureRandom());
    courier =
        AlertCourier.start(
            new AlertOutbox(api.transactions(), pepper),
            new Tenancy(api.transactions()).organisations(),
            settings,
            InstantSource.system());
  }

  @AfterAll
  static void stop() {
    courier.close();
    mails.stop();
    receiver.stop(0);
    api.close();
  }

  @Test
  void tellsWhoWantsToKnow() throws Exception {
    String name = api.tenant();
    String at = "/tenants/" + name;
    api.ok("POST", at + "/members", Map.of("email", "li@example.com", "role", "billing"));
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
    JsonNode hook =
        api.ok("POST", at + "/alert-targets", Map.of("kind", "webhook", "address", url));
    JsonNode mail =
        api.ok("POST", at + "/alert-targets", Map.of("kind", "email", "address", "li@example.com"));
    assertThat(mail.path("secret").isNull()).isTrue();
    assertThat(api.ok("GET", at + "/alert-targets", null).path("items").toString())
        .doesNotContain("secret");
    reach(name);
    await().atMost(Duration.ofMinutes(2)).until(() -> CALLS.size() == 1);
    assertThat(mails.waitForIncomingEmail(120_000, 1)).isTrue();
    assertThat(mails.getReceivedMessages()[0].getSubject())
        .contains(name)
        .endsWith("is used to 80 %");

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> deliveries(at).toString().contains("It answered 503."));
    api.transactions()
        .run(connection ->
            Rows.change(
                connection,
                "update alert_delivery set next_at = clock_timestamp() where delivered_at is null"));
    await().atMost(Duration.ofMinutes(2)).until(() -> states(at).equals("delivereddelivered"));
    assertThat(CALLS).hasSize(2);
    Call call = CALLS.getLast();
    assertThat(call.header("Webhook-id")).isEqualTo(CALLS.getFirst().header("Webhook-id"));
    assertThat(call.header("Webhook-signature"))
        .isEqualTo("v1," + signature(hook.path("secret").asString(), call));
    JsonNode told = new JsonMapper().readTree(call.body());
    assertThat(told.path("type").asString()).isEqualTo("budget.alert");
    assertThat(told.at("/data/tenant").asString()).isEqualTo(name);
    assertThat(told.at("/data/percent").asInt()).isEqualTo(80);
    assertThat(told.at("/data/used").asString()).isEqualTo("9.00");
    assertThat(mails.getReceivedMessages()).hasSize(1);
    api.ok("DELETE", at + "/alert-targets/" + hook.path("id").asString(), null);
    assertThat(api.ok("GET", at + "/alert-targets", null).path("items").size()).isEqualTo(1);
  }

  private static String signature(String secret, Call call) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
    String signed =
        call.header("Webhook-id") + "." + call.header("Webhook-timestamp") + "." + call.body();
    return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonNode deliveries(String at) throws Exception {
    return api.ok("GET", at + "/alert-deliveries", null).path("items");
  }

  private static String states(String at) throws Exception {
    StringBuilder states = new StringBuilder();
    deliveries(at).forEach(delivery -> states.append(delivery.path("state").asString()));
    return states.toString();
  }

  /** Uses a budget up to 90 %, which is told at 80 %. */
  private static void reach(String tenant) throws Exception {
    JsonNode key =
        api.ok("POST", "/tenants/" + tenant + "/keys", Map.of("name", "ci", "budget", "10/total"));
    var counters =
        new BudgetPlans(api.transactions(), new DatabaseRateCards(api.pool()))
            .plan(key.path("id").asString(), "any", Instant.now())
            .counters();
    long counter =
        counters.stream()
            .filter(one -> one.label().contains("key"))
            .findFirst()
            .orElseThrow()
            .counterId();
    api.transactions()
        .run(connection ->
            Rows.change(
                connection, "update counter set settled = 9000000000 where id = ?", counter));
    assertThat(new BudgetAlerts(api.transactions()).look()).isNotEmpty();
  }

  @Test
  void refusesWhomNobodyMayTell() throws Exception {
    String name = api.tenant();
    String at = "/tenants/" + name + "/alert-targets";
    String admin = api.adminKey(name, Map.of());
    assertThat(
            api.call(
                    admin,
                    "POST",
                    at,
                    Map.of("kind", "email", "address", "stranger@example.com"),
                    Map.of())
                .status())
        .as("no member")
        .isEqualTo(404);
    assertThat(
            api.call(OPERATOR, "POST", at, Map.of("kind", "pigeon", "address", "x"), Map.of())
                .status())
        .isEqualTo(400);
    Map<String, String> webhook = Map.of("kind", "webhook", "address", "https://example.com/");
    assertThat(api.call(OPERATOR, "POST", at, webhook, Map.of()).status()).isEqualTo(201);
    assertThat(api.call(OPERATOR, "POST", at, webhook, Map.of()).status()).isEqualTo(409);
    assertThat(api.call(OPERATOR, "DELETE", at + "/1x", null, Map.of()).status()).isEqualTo(404);
  }
}
