package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.engine.EngineOptions;
import io.yuntai.server.routes.LiveRoutes;
import io.yuntai.server.routes.RoutesFile;
import io.yuntai.server.testing.MockUpstream;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers that don't read: they hold up nobody else, take no more memory than their connections'
 * buffers, and miss nothing when they go on.
 */
class SlowReadersTest {
  private static final int READERS = 200;

  /** Small, so that a server's writes soon have to wait. */
  private static final int RECEIVE_BYTES = 4096;

  private static final int PIECES = 16;

  /** Some get more than the buffers of their connections hold, so that their writers must wait. */
  private static final int BLOCKED = 12;

  private static final int BLOCKED_PIECES = 1_024;
  private static final String PIECE = "x".repeat(8_000);

  @TempDir private Path folder;
  private final List<Socket> readers = new ArrayList<>();

  @AfterEach
  void leave() throws IOException {
    for (Socket reader : readers) {
      reader.close();
    }
  }

  private Socket reader(TestServer server, String json) throws IOException {
    Socket socket = new Socket();
    readers.add(socket);
    socket.setReceiveBufferSize(RECEIVE_BYTES);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket
        .getOutputStream()
        .write(RawClient.post("/v1/chat/completions", json).getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  /** Reads to the last chunk; how often a text stands in it. */
  private static int countIn(Socket reader, String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    byte[] end = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    int found = 0;
    int matched = 0;
    int ended = 0;
    byte[] buffer = new byte[8192];
    while (ended < end.length) {
      int count = reader.getInputStream().read(buffer);
      assertThat(count).as("the stream broke off").isPositive();
      for (int i = 0; i < count; i++) {
        matched = buffer[i] == wanted[matched] ? matched + 1 : buffer[i] == wanted[0] ? 1 : 0;
        if (matched == wanted.length) {
          found++;
          matched = 0;
        }
        ended = buffer[i] == end[ended] ? ended + 1 : buffer[i] == end[0] ? 1 : 0;
        if (ended == end.length) {
          break;
        }
      }
    }
    return found;
  }

  private static int inFlight(HttpResponse<String> answer) {
    int most =
        Integer.parseInt(answer.headers().firstValue("x-ratelimit-limit-requests").orElseThrow());
    int left =
        Integer.parseInt(
            answer.headers().firstValue("x-ratelimit-remaining-requests").orElseThrow());
    return most - left - 1;
  }

  @Test
  void ofAnUpstreamsStreamsSlowNobodyAndLoseNothing() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (MockUpstream mock =
            new MockUpstream((request, answering) -> {
              if (request.body().contains("slow")) {
                answering.stream();
                int pieces = request.body().contains("slow and long") ? BLOCKED_PIECES : PIECES;
                for (int i = 0; i < pieces; i++) {
                  answering.text(PIECE);
                }
                end.await();
                answering.done();
              } else {
                MockUpstream.hello("quick").answer(request, answering);
              }
            });
        LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
        TestServer server = new TestServer(routes)) {
      Path file = folder.resolve("yuntai.toml");
      Files.writeString(
          file,
          """
          [upstreams.mock]
          kind = "openai-compatible"
          url = "%s"
          idle_timeout = "10m"
          [[routes.mock.targets]]
          upstream = "mock"
          model = "m"
          """
              .formatted(mock.url()));
      routes.apply(RoutesFile.read(file, Map.of()));
      String ask =
          "{\"model\":\"mock\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
      for (int i = 0; i < READERS; i++) {
        Socket _ = reader(server, ask.formatted(i < BLOCKED ? "slow and long" : "slow"));
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> mock.requests().size() == READERS);

      for (int i = 0; i < 50; i++) {
        HttpResponse<String> quick = server.post("/v1/chat/completions", ask.formatted("quick"));
        assertThat(quick.body()).contains("hello ", "quick", "[DONE]");
        assertThat(inFlight(quick)).as("the slow ones go on").isEqualTo(READERS);
      }

      end.countDown();
      for (int i = 0; i < READERS; i++) {
        assertThat(countIn(readers.get(i), PIECE)).isEqualTo(i < BLOCKED ? BLOCKED_PIECES : PIECES);
      }
      await()
          .until(() -> inFlight(server.post("/v1/chat/completions", ask.formatted("quick"))) == 0);
      assertThat(mock.broken()).isZero();
    }
  }

  @Test
  void ofOurOwnModelsStreamsSlowNobodyAndLoseNothing() throws Exception {
    int tokens = 1_500;
    try (TestServer server =
        new TestServer(TestServer.OPTIONS, new EngineOptions(READERS + 8, 300, 300), 4096)) {
      String ask =
          "{\"model\":\"letters:1b\",\"stream\":true,\"temperature\":0,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"logit_bias\":{%s}}";
      // After an upper-case letter the model goes on with the same one for ever.
      for (int i = 0; i < READERS; i++) {
        Socket _ = reader(server, ask.formatted(tokens, "\"65\":100"));
      }
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> quick = server.post("/v1/chat/completions", ask.formatted(30, ""));
        assertThat(quick.statusCode()).isEqualTo(200);
        assertThat(quick.body()).contains("\"finish_reason\":\"stop\"", "[DONE]");
      }
      // Generations end whether or not anybody reads, and give back what they held.
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> {
            assertThat(server.engine().statistics().running()).isZero();
            assertThat(server.engine().statistics().waiting()).isZero();
            assertThat(server.engine().statistics().kvBlocksUsed()).isZero();
          });
      for (Socket reader : readers) {
        assertThat(countIn(reader, "A")).isGreaterThanOrEqualTo(tokens);
      }
      await().until(() -> inFlight(server.post("/v1/chat/completions", ask.formatted(1, ""))) == 0);
    }
  }
}
