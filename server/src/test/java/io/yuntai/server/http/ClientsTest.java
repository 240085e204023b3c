package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.EngineOptions;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that leave, come in crowds, or are there while the server stops. */
class ClientsTest {
  private static final String CHAT = "/v1/chat/completions";

  /** An answer that ends only with the context. */
  private static String endless(boolean stream, int choices) {
    return "{\"model\":\"letters:1b\",\"stream\":%s,\"n\":%d,\"logit_bias\":{\"65\":100},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(stream, choices);
  }

  @ParameterizedTest
  @CsvSource({
    "false,1,false",
    "false,1,true",
    "true,1,false",
    "true,1,true",
    "false,3,false",
    "true,3,true"
  })
  void aClientThatLeavesBeforeTheFirstByteStopsTheEngine(boolean stream, int choices, boolean reset)
      throws Exception {
    try (TestServer server = new TestServer()) {
      server.decoder().hold();
      RawClient client = new RawClient(server.port());
      client.send(RawClient.post(CHAT, endless(stream, choices)));
      Awaitility.await().until(() -> server.decoder().steps() == 1);
      if (reset) {
        client.reset();
      } else {
        client.close();
      }
      // A step at each poll: the engine would come to the context's end after thousands.
      Awaitility.await()
          .pollInterval(TestServer.OPTIONS.disconnectPoll())
          .until(() -> {
            server.decoder().letSteps(1);
            return server.engine().statistics().running() == 0;
          });
      assertThat(server.decoder().steps()).isLessThan(500);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,false", "1,true", "3,false"})
  void aClientThatLeavesWithinTheStreamStopsTheEngine(int choices, boolean reset) throws Exception {
    HttpOptions options = TestServer.OPTIONS;
    try (TestServer server = new TestServer(options, new EngineOptions(16, 128, 256), 1 << 20)) {
      RawClient client = new RawClient(server.port());
      client.send(RawClient.post(CHAT, endless(true, choices)));
      client.readUntil("\"content\":\"A\"");
      if (reset) {
        client.reset();
      } else {
        client.close();
      }

      Awaitility.await().until(() -> server.engine().statistics().running() == 0);
      assertThat(server.engine().statistics().completionTokens()).isLessThan(1 << 20);
    }
  }

  @Test
  void aStreamThatIsSilentShowsThatItLives() throws Exception {
    try (TestServer server = new TestServer();
        RawClient client = new RawClient(server.port())) {
      server.decoder().hold();
      client.send(RawClient.post(CHAT, endless(true, 1)));

      // Before the first token, what shows that it lives is how far the prompt has come.
      assertThat(client.readUntil("\n\n")).startsWith("HTTP/1.1 200").contains(": prefill 0/");
      assertThat(client.readUntil("\n\n")).contains(": prefill 0/");
    }
  }

  @Test
  void computingLongerThanTheIdleTimeoutIsNotIdleness() throws Exception {
    HttpOptions impatient = TestServer.impatient(Duration.ofMillis(300));
    try (TestServer server = new TestServer(impatient, EngineOptions.DEFAULTS, 64);
        RawClient client = new RawClient(server.port())) {
      server.decoder().hold();
      client.send(RawClient.post(CHAT, endless(false, 1)));
      Awaitility.await().until(() -> server.decoder().steps() == 1);
      for (int i = 0; i < 3; i++) {
        try (RawClient idle = new RawClient(server.port())) {
          assertThat(idle.readAll()).isEmpty();
        }
      }
      server.decoder().release();

      assertThat(client.readUntil("}}}")).startsWith("HTTP/1.1 200").contains("\"length\"");
    }
  }

  @Test
  void fiveHundredStreamsAtOnceAllGetTheirAnswer() throws Exception {
    try (TestServer server =
            new TestServer(TestServer.OPTIONS, new EngineOptions(64, 1000, 1024), 128);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        answers.add(
            threads.submit(() -> {
              try (RawClient client = new RawClient(server.port())) {
                client.send(
                    RawClient.post(
                        CHAT,
                        "{\"model\":\"letters:1b\",\"stream\":true,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));
                return client.readUntil("[DONE]\n\n");
              }
            }));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get())
            .startsWith("HTTP/1.1 200")
            .contains("\"content\":\"z\"")
            .endsWith("[DONE]\n\n");
      }
      Awaitility.await().until(() -> server.engine().statistics().running() == 0);
      assertThat(server.engine().statistics().kvBlocksUsed()).isZero();
    }
  }

  @Test
  void stoppingLetsStreamsFinishAndRefusesNewRequests() throws Exception {
    try (TestServer server = new TestServer(TestServer.OPTIONS, EngineOptions.DEFAULTS, 64);
        RawClient running = new RawClient(server.port());
        RawClient late = new RawClient(server.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.decoder().hold();
      running.send(RawClient.post(CHAT, endless(true, 1)));
      Awaitility.await().until(() -> server.decoder().steps() == 1);
      Future<?> stopped = threads.submit(() -> server.http().stop(Duration.ofSeconds(30)));
      Awaitility.await().until(() -> server.get("/health/ready").statusCode() == 503);

      late.send(RawClient.post(CHAT, endless(true, 1)));
      assertThat(late.readUntil("}}")).startsWith("HTTP/1.1 503").contains("server_stopping");
      server.decoder().release();
      assertThat(running.readUntil("[DONE]\n\n")).contains("\"length\"");
      stopped.get();
      assertThatThrownBy(() -> new RawClient(server.port() < 0 ? 1 : server.port()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void whenItsGraceIsOverTheServerTellsItsStreams() throws Exception {
    try (TestServer server = new TestServer(TestServer.OPTIONS, EngineOptions.DEFAULTS, 1 << 20);
        RawClient client = new RawClient(server.port());
        RawClient whole = new RawClient(server.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      client.send(RawClient.post(CHAT, endless(true, 1)));
      client.readUntil("\"content\":\"A\"");
      whole.send(RawClient.post(CHAT, endless(false, 1)));
      Awaitility.await().until(() -> server.engine().statistics().running() == 2);
      Future<String> rest = threads.submit(client::readAll);
      Future<String> restOfWhole = threads.submit(whole::readAll);

      server.http().stop(Duration.ofMillis(100));

      assertThat(rest.get())
          .contains("data: {\"error\":", "server_stopping")
          .doesNotContain("[DONE]");
      assertThat(restOfWhole.get()).startsWith("HTTP/1.1 503").contains("server_stopping");
      Awaitility.await().until(() -> server.engine().statistics().running() == 0);
    }
  }

  @Test
  void aClientThatDoesNotReadLosesItsPlace() throws Exception {
    try (TestServer server =
            new TestServer(
                TestServer.impatient(Duration.ofMillis(500)), EngineOptions.DEFAULTS, 1 << 20);
        RawClient client = new RawClient(server.port())) {
      client.send(RawClient.post(CHAT, endless(true, 1)));
      client.readUntil("\"content\":\"A\"");

      Awaitility.await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> server.engine().statistics().running() == 0);
    }
  }

  @Test
  void moreRequestsThanAllowedAreRefused() throws Exception {
    HttpOptions o = TestServer.OPTIONS;
    HttpOptions narrow =
        new HttpOptions(
            o.host(),
            0,
            o.maxBodyBytes(),
            o.maxBodiesBytes(),
            o.maxHeaderBytes(),
            o.maxConnections(),
            1,
            o.bodyTimeout(),
            o.idleTimeout(),
            o.disconnectPoll(),
            o.keepAlive());
    try (TestServer server = new TestServer(narrow, EngineOptions.DEFAULTS, 64);
        RawClient client = new RawClient(server.port())) {
      server.decoder().hold();
      client.send(RawClient.post(CHAT, endless(true, 1)));
      Awaitility.await().until(() -> server.decoder().steps() == 1);

      var refused = server.post(CHAT, endless(false, 1));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aTakenPortIsNamed() {
    try (TestServer server = new TestServer()) {
      assertThatThrownBy(() ->
              TestServer.serve(
                  HttpOptions.DEFAULTS.at("127.0.0.1", server.port()),
                  new ModelHost(),
                  Access.open()))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining(Integer.toString(server.port()));
    }
  }
}
