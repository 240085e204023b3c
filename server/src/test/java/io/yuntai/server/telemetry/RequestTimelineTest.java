package io.yuntai.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.server.routes.LiveRoutes;
import io.yuntai.server.routes.RoutesFile;
import io.yuntai.server.testing.MemoryBank;
import io.yuntai.server.testing.MeteredServer;
import io.yuntai.server.testing.MockUpstream;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log is told of requests, over a real engine and real metering. */
class RequestTimelineTest {
  private static final long BUDGET = 7;
  private static final PlannedCounter MONEY =
      new PlannedCounter(BUDGET, Unit.MONEY, Instant.MAX, "the key's budget");

  @TempDir Path folder;

  private final MemoryBank bank = new MemoryBank();
  private final LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
  private final Queue<LoggedRequest> rows = new ConcurrentLinkedQueue<>();
  private final Queue<String> parents = new ConcurrentLinkedQueue<>();

  @SuppressWarnings("NullAway.Init") // before each
  private MockUpstream upstream;

  @SuppressWarnings("NullAway.Init") // before each
  private MeteredServer metered;

  @BeforeEach
  void start() throws Exception {
    bank.limit(BUDGET, 1_000_000_000);
    upstream =
        new MockUpstream((asked, answering) -> {
          parents.add(asked.headers().getOrDefault("traceparent", "none"));
          answering.json(
              200,
              "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
                  + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":3}}");
        });
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(
        file,
        """
        [upstreams.gone]
        kind = "openai-compatible"
        url = "http://127.0.0.1:1"
        [upstreams.near]
        kind = "openai-compatible"
        url = "%s"
        [routes.far]
        [[routes.far.targets]]
        upstream = "gone"
        model = "one"
        priority = 1
        [[routes.far.targets]]
        upstream = "near"
        model = "two"
        priority = 2
        """
            .formatted(upstream.url()));
    routes.apply(RoutesFile.read(file, Map.of()));
    RequestSink sink =
        request -> {
          if (request.isForModel()) {
            rows.add(LoggedRequests.of(request));
          }
        };
    metered =
        new MeteredServer(
            bank,
            folder.resolve("journal"),
            List.of(MONEY),
            routes,
            new Telemetry(List.of(sink), 0, new Random(2)));
  }

  @AfterEach
  void stop() throws Exception {
    metered.close();
    routes.close();
    upstream.close();
  }

  private LoggedRequest row() {
    await().atMost(Duration.ofSeconds(60)).until(() -> !rows.isEmpty());
    assertThat(rows).hasSize(1);
    return rows.remove();
  }

  private static String chat(String model, String more) {
    return "{\"model\":\"%s\",\"max_tokens\":5,%s\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(model, more);
  }

  @Test
  void anAnswerTellsItsStagesItsTokensAndWhatItCost() throws Exception {
    HttpResponse<String> answer =
        metered.server().post("/v1/chat/completions", chat(TestServer.MODEL, "\"stream\":true,"));
    LoggedRequest row = row();
    assertThat(row.requestId())
        .isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
    assertThat(row.asked().dialect()).isEqualTo("openai");
    assertThat(row.asked().operation()).isEqualTo("chat");
    assertThat(row.asked().streamed()).isTrue();
    assertThat(row.served().model()).isEqualTo(TestServer.MODEL);
    assertThat(row.outcome()).isEqualTo(new LoggedRequest.Outcome(200, "", "length"));
    assertThat(row.asker().orgId()).isEqualTo(1);
    assertThat(row.tokens().output()).isEqualTo(5);
    long paid = row.tokens().input() * 1_000L + row.tokens().cacheHit() * 100L + 5 * 3_000L;
    assertThat(row.cost().amountNano()).isEqualTo(paid);
    assertThat(row.cost().usageId()).isNotNull();
    Stages stages = row.stages();
    assertThat(
            List.of(
                stages.auth(),
                stages.prepare(),
                stages.hold(),
                stages.queue(),
                stages.prefill(),
                stages.decode(),
                stages.settle()))
        .allMatch(micros -> micros >= 0);
    assertThat(
            stages.auth()
                + stages.prepare()
                + stages.hold()
                + stages.queue()
                + stages.prefill()
                + stages.decode())
        .isLessThanOrEqualTo(stages.total() + 10);
    assertThat(stages.firstToken()).isBetween(0L, stages.total());
  }

  @Test
  void refusalsAreTold() throws Exception {
    assertThat(metered.server().post("/v1/chat/completions", chat("nothing", "")).statusCode())
        .isEqualTo(404);
    LoggedRequest unknown = row();
    assertThat(unknown.outcome().errorCode()).isEqualTo("model_not_found");
    assertThat(unknown.asked().model()).isEqualTo("nothing");
    assertThat(unknown.cost()).isEqualTo(LoggedRequest.Cost.NONE);

    assertThat(metered.server().post("/v1/chat/completions", "{\"model\":3}").statusCode())
        .isEqualTo(400);
    assertThat(row().outcome().status()).isEqualTo(400);

    HttpRequest nobody =
        HttpRequest.newBuilder(metered.server().uri("/v1/messages"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    assertThat(metered.server().send(nobody).statusCode()).isEqualTo(401);
    LoggedRequest refused = row();
    assertThat(refused.asked().dialect()).isEqualTo("anthropic");
    assertThat(refused.outcome().status()).isEqualTo(401);
    assertThat(refused.asker().orgId()).isZero();

    metered.server().get("/v1/models");
    assertThat(rows).isEmpty();
  }

  @Test
  void aRouteTellsWhichTargetsWereAskedAndGoesOnWithTheTrace() throws Exception {
    String parent = "00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01";
    HttpRequest request =
        metered
            .server()
            .request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .header("traceparent", parent)
            .POST(BodyPublishers.ofString(chat("far", "")))
            .build();
    assertThat(metered.server().send(request).statusCode()).isEqualTo(200);
    LoggedRequest row = row();
    assertThat(row.served().route()).isEqualTo("far");
    assertThat(row.served().attempts())
        .extracting(LoggedRequest.Attempt::outcome)
        .containsExactly("unreachable", "ok");
    assertThat(row.served().target()).isEqualTo(row.served().attempts().getLast().target());
    assertThat(row.tokens().output()).isEqualTo(3);
    assertThat(row.stages().queue()).isEqualTo(Stages.NONE);
    assertThat(row.stages().prefill()).isGreaterThanOrEqualTo(0);
    assertThat(row.asked().traceId()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(parents).containsExactly(parent);
  }

  @Test
  void aClientThatLeavesIsTold() throws Exception {
    metered.server().decoder().hold();
    String body = chat(TestServer.MODEL, "\"stream\":true,").replace(":5,", ":3000,");
    try (RawClient client = new RawClient(metered.server().port())) {
      client.send(RawClient.post("/v1/chat/completions", body));
      metered.server().decoder().letSteps(3);
      client.readUntil("data: ");
      client.reset();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          metered.server().decoder().letSteps(1);
          return !rows.isEmpty();
        });
    LoggedRequest row = row();
    assertThat(row.outcome().status()).isEqualTo(RequestTimeline.CLIENT_LEFT);
    assertThat(row.outcome().errorCode()).isEqualTo("client_left");
    assertThat(row.tokens().output()).isLessThan(3000);
  }
}
