package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.KeyLimits;
import io.yuntai.ledger.keys.KeyOwner;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Answers that go on while their client is away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostStreamsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final Pattern ID = Pattern.compile("(?m)^id: ([0-9]+)$");

  @SuppressWarnings("NullAway.Init") // before all
  private TestServer server;

  @BeforeAll
  void start() {
    server = new TestServer();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static String body(boolean stream, int tokens) {
    return "{\"model\":\"letters:1b\",\"max_tokens\":%d,\"seed\":7,\"logit_bias\":{\"65\":100},\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(tokens, stream);
  }

  private HttpRequest.Builder chat(String body) {
    return server
        .request(CHAT)
        .header("Content-Type", "application/json")
        .header("X-Yuntai-On-Disconnect", "continue")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> events(String run, int last) throws Exception {
    return server.send(
        server
            .request("/v1/runs/" + run + "/events")
            .header("Last-Event-ID", Integer.toString(last))
            .build());
  }

  private static String run(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-yuntai-run").orElseThrow();
  }

  @Test
  void aRunsStreamIsThePlainStreamWithNumbers() throws Exception {
    HttpResponse<String> answer = server.send(chat(body(true, 5)).build());
    String[] events = answer.body().split("\n\n", -1);

    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/event-stream; charset=utf-8");
    assertThat(events[0]).startsWith("id: 1\ndata: {");
    assertThat(events[events.length - 2]).endsWith("\ndata: [DONE]");
    assertThat(events(run(answer), 0).body()).isEqualTo(answer.body());
    assertThat(events(run(answer), 3).body())
        .isEqualTo(answer.body().substring(answer.body().indexOf("id: 4\n")));
    assertThat(events(run(answer), 999).body()).isEmpty();
  }

  @Test
  void whereverTheClientBreaksOffItGetsEveryByteOnce() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 12; round++) {
      try (RawClient client = new RawClient(server.port())) {
        client.send(
            RawClient.post(CHAT, body(true, 40))
                .replaceFirst("\r\n", "\r\nX-Yuntai-On-Disconnect: continue\r\n"));
        String head = client.readUntil("\r\n\r\n");
        Matcher name = Pattern.compile("(?i)x-yuntai-run: (\\S+)").matcher(head);
        assertThat(name.find()).isTrue();
        String run = name.group(1);

        StringBuilder got = new StringBuilder();
        got.append(complete(dechunked(client.readChunked(random.nextInt(6000)))));
        client.reset();
        for (int visit = random.nextInt(4); visit > 0; visit--) {
          try (RawClient again = new RawClient(server.port())) {
            again.send(get("/v1/runs/" + run + "/events", lastId(got)));
            String answer = again.readUntil("\r\n\r\n");
            if (!answer.contains("Content-Length: 0")) {
              got.append(complete(dechunked(again.readChunked(random.nextInt(4000)))));
            }
            again.reset();
          }
        }
        got.append(events(run, lastId(got)).body());

        assertThat(got.toString()).isEqualTo(events(run, 0).body()).endsWith("data: [DONE]\n\n");
      }
    }
  }

  @Test
  void aClientThatHasEverythingIsToldSoAtOnce() throws Exception {
    HttpResponse<String> answer = server.send(chat(body(true, 3)).build());
    int last = lastId(new StringBuilder(answer.body()));

    try (RawClient again = new RawClient(server.port())) {
      again.send(get("/v1/runs/" + run(answer) + "/events", last));
      assertThat(again.readUntil("\r\n\r\n")).contains("200 OK", "Content-Length: 0");
    }
  }

  private static String get(String path, int last) {
    return "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nLast-Event-ID: %d\r\n\r\n"
        .formatted(path, TestServer.KEY, last);
  }

  private static int lastId(StringBuilder events) {
    int last = 0;
    for (Matcher id = ID.matcher(events); id.find(); ) {
      last = Integer.parseInt(id.group(1));
    }
    return last;
  }

  /** What a client has of events: those whose empty line came. */
  private static String complete(String text) {
    int end = text.lastIndexOf("\n\n");
    return end < 0 ? "" : text.substring(0, end + 2);
  }

  /** The content of chunks; the last one may have broken off. */
  private static String dechunked(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = 0;
    while (true) {
      int line = all.indexOf("\r\n", at);
      if (line < 0) {
        return text.toString();
      }
      int size = Integer.parseInt(all.substring(at, line), 16);
      text.append(all, line + 2, Math.min(all.length(), line + 2 + size));
      at = line + 2 + size + 2;
      if (size == 0 || at > all.length()) {
        return text.toString();
      }
    }
  }

  @Test
  void anAnswerGoesOnWhileNobodyReads() throws Exception {
    try (TestServer own = new TestServer()) {
      own.decoder().hold();
      String run;
      try (RawClient client = new RawClient(own.port())) {
        client.send(
            RawClient.post(CHAT, body(true, 20))
                .replaceFirst("\r\n", "\r\nX-Yuntai-On-Disconnect: continue\r\n"));
        Awaitility.await().until(() -> own.decoder().steps() == 1);
        own.decoder().letSteps(2);
        String head = client.readUntil("\r\n\r\n");
        Matcher name = Pattern.compile("(?i)x-yuntai-run: (\\S+)").matcher(head);
        assertThat(name.find()).isTrue();
        run = name.group(1);
        client.reset();
      }
      own.decoder().release();

      Awaitility.await()
          .until(() -> own.get("/v1/runs/" + run).body().contains("\"status\":\"completed\""));
      assertThat(own.get("/v1/runs/" + run + "/events").body())
          .contains("\"finish_reason\":\"length\"")
          .endsWith("data: [DONE]\n\n");
    }
  }

  /** A key of a tenant whose answers go on. */
  private static Principal goingOn() {
    return Principal.of(
        new ApiKey(
            "abcdefghijkl",
            1,
            "abcdefghijkl",
            "test",
            "yt-abcdefghijkl",
            new KeyOwner(2, "acme", 2, "default", 0, "", "", Role.ADMIN, false, true),
            new KeyLimits(EnumSet.allOf(Scope.class), List.of(), List.of()),
            Instant.EPOCH,
            null,
            null,
            null,
            1));
  }

  @Test
  void whereATenantWantsItAnswersGoOnUnlessTheRequestSaysOtherwise() throws Exception {
    server.admit("goes-on", goingOn());
    HttpRequest.Builder asks =
        server
            .request(CHAT)
            .setHeader("Authorization", "Bearer goes-on")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body(true, 5)));

    HttpResponse<String> kept = server.send(asks.build());
    HttpResponse<String> stopped =
        server.send(asks.setHeader("X-Yuntai-On-Disconnect", "stop").build());

    assertThat(kept.body()).startsWith("id: 1\n");
    HttpResponse<String> again =
        server.send(
            server
                .request("/v1/runs/" + run(kept) + "/events")
                .setHeader("Authorization", "Bearer goes-on")
                .build());
    assertThat(again.body()).isEqualTo(kept.body());
    assertThat(stopped.headers().firstValue("x-yuntai-run")).isEmpty();
  }

  @Test
  void aTenantsWishRefusesNoStreamThatCantGoOn() throws Exception {
    server.admit("goes-on", goingOn());
    HttpResponse<String> lines =
        server.send(
            server
                .request("/api/chat")
                .setHeader("Authorization", "Bearer goes-on")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"letters:1b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build());

    assertThat(lines.statusCode()).as(lines.body()).isEqualTo(200);
    assertThat(lines.headers().firstValue("x-yuntai-run")).isEmpty();
  }

  @Test
  void aDeletedRunStopsTheEngineAndIsGone() throws Exception {
    try (TestServer own = new TestServer()) {
      own.decoder().hold();
      try (RawClient client = new RawClient(own.port())) {
        client.send(
            RawClient.post(CHAT, body(true, 2000))
                .replaceFirst("\r\n", "\r\nX-Yuntai-On-Disconnect: continue\r\n"));
        Awaitility.await().until(() -> own.decoder().steps() == 1);
        own.decoder().letSteps(2);
        Matcher name =
            Pattern.compile("(?i)x-yuntai-run: (\\S+)").matcher(client.readUntil("\r\n\r\n"));
        assertThat(name.find()).isTrue();
        String path = "/v1/runs/" + name.group(1);

        HttpResponse<String> deleted = own.send(own.request(path).DELETE().build());

        assertThat(deleted.body()).contains("\"deleted\":true");
        Awaitility.await()
            .until(() -> {
              own.decoder().letSteps(1);
              return own.engine().statistics().running() == 0;
            });
        assertThat(own.get(path).statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void anothersRunsDoNotExist() throws Exception {
    server.keys().add("yt-other");
    String run = run(server.send(chat(body(true, 2)).build()));

    for (String path : List.of("", "/events", "/answer")) {
      HttpResponse<String> refused =
          server.send(
              HttpRequest.newBuilder(server.uri("/v1/runs/" + run + path))
                  .header("Authorization", "Bearer yt-other")
                  .build());
      assertThat(refused.statusCode()).isEqualTo(404);
      assertThat(refused.body()).contains("run_not_found");
    }
  }

  @Test
  void theSameKeyAndBodyGetTheSameAnswer() throws Exception {
    String unseeded = body(false, 9).replace("\"seed\":7,", "").replace(":100", ":1");
    HttpRequest request = chat(unseeded).header("Idempotency-Key", "k-1").build();
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(server.send(request).body());
    }
    HttpResponse<String> other =
        server.send(chat(body(false, 8)).header("Idempotency-Key", "k-1").build());

    assertThat(answers.get(0)).contains("chat.completion");
    assertThat(answers.get(1)).isEqualTo(answers.get(0));
    assertThat(answers.get(2)).isEqualTo(answers.get(0));
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body()).contains("idempotency_key_reused");
  }

  @Test
  void aRefusedRequestLeavesItsKeyFree() throws Exception {
    String wrong = body(false, 4).replace("letters:1b", "nobody");
    HttpResponse<String> refused =
        server.send(chat(wrong).header("Idempotency-Key", "k-2").build());
    HttpResponse<String> right =
        server.send(chat(body(false, 4)).header("Idempotency-Key", "k-2").build());

    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(right.statusCode()).isEqualTo(200);
  }

  @Test
  void wordsThatMeanNothingAreRefused() throws Exception {
    HttpResponse<String> refused =
        server.send(
            server
                .request(CHAT)
                .header("Content-Type", "application/json")
                .header("X-Yuntai-On-Disconnect", "maybe")
                .POST(BodyPublishers.ofString(body(true, 2)))
                .build());
    String run = run(server.send(chat(body(true, 2)).build()));
    HttpResponse<String> number =
        server.send(
            server.request("/v1/runs/" + run + "/events").header("Last-Event-ID", "x").build());

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("X-Yuntai-On-Disconnect");
    assertThat(number.statusCode()).isEqualTo(400);
  }
}
