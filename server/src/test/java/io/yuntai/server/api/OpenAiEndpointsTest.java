package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around OpenAI's requests: headers, fingerprints, endpoints that are not there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiEndpointsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String SEEDED =
      "{\"model\":\"letters:1b\",\"max_tokens\":12,\"seed\":7,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

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

  @Test
  void equalFingerprintAndSeedMeanEqualBytes() throws Exception {
    String first = server.post(CHAT, SEEDED.formatted(false)).body();
    String second = server.post(CHAT, SEEDED.formatted(false)).body();

    assertThat(first).contains("\"system_fingerprint\":\"fp_letters\"");
    assertThat(withoutIdentity(first)).isEqualTo(withoutIdentity(second));
    assertThat(withoutIdentity(server.post(CHAT, SEEDED.formatted(true)).body()))
        .contains("\"system_fingerprint\":\"fp_letters\"")
        .isEqualTo(withoutIdentity(server.post(CHAT, SEEDED.formatted(true)).body()));
  }

  /** What names this one answer, and what depends on the prompts before. */
  private static String withoutIdentity(String body) {
    return body.replaceAll("chatcmpl-[0-9a-f]+", "")
        .replaceAll("\"created\":[0-9]+", "")
        .replaceAll("\"cached_tokens\":[0-9]+", "");
  }

  @Test
  void aClientsOwnNameOfARequestComesBackWhereItIsSane() throws Exception {
    HttpResponse<String> named = server.send(chat("x-client-request-id", "mine-1"));
    HttpResponse<String> insane = server.send(chat("x-client-request-id", "a b"));
    HttpResponse<String> longOne = server.send(chat("x-client-request-id", "a".repeat(513)));

    assertThat(named.headers().firstValue("x-client-request-id")).contains("mine-1");
    assertThat(named.headers().firstValue("x-request-id")).isPresent();
    assertThat(insane.headers().firstValue("x-client-request-id")).isEmpty();
    assertThat(longOne.headers().firstValue("x-client-request-id")).isEmpty();
  }

  @Test
  void answersTellHowManyMoreRequestsMayCome() throws Exception {
    HttpResponse<String> answer = server.send(chat("x-any", "1"));
    int max = TestServer.OPTIONS.maxRequests();

    assertThat(answer.headers().firstValue("x-ratelimit-limit-requests"))
        .contains(Integer.toString(max));
    assertThat(answer.headers().firstValue("x-ratelimit-remaining-requests"))
        .contains(Integer.toString(max - 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/moderations",
        "/v1/images/generations",
        "/v1/audio/speech",
        "/v1/fine_tuning/jobs",
        "/v1/assistants",
        "/v1/threads/thread_1/runs",
        "/v1/vector_stores"
      })
  void endpointsThatAreNotThereAreRefusedByName(String path) throws Exception {
    HttpResponse<String> refused = server.post(path, "{}");

    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body())
        .contains("\"code\":\"unsupported_endpoint\"")
        .contains("'/v1/" + path.split("/")[2] + "' is not served: this server");
  }

  private HttpRequest chat(String header, String value) {
    return server
        .request(CHAT)
        .header("Content-Type", "application/json")
        .header(header, value)
        .POST(BodyPublishers.ofString(SEEDED.formatted(false)))
        .build();
  }
}
