package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Requests with some bytes changed: an answer or a clear error each, and nothing stays behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedRequestsTest {
  private static final int REQUESTS = Integer.getInteger("yuntai.damaged", 300);
  private static final JsonMapper JSON = new JsonMapper();

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final HttpClient client = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init") // before all
  private TestServer server;

  @BeforeAll
  void start() {
    System.out.println("-Dyuntai.seed=" + seed);
    server = new TestServer();
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/v1/chat/completions|{'model':'letters:1b','messages':[{'role':'user','content':'hi'}],'max_tokens':4,'temperature':0.5,'stop':['x'],'logit_bias':{'65':1}}",
        "/v1/completions|{'model':'letters:1b','prompt':['a','b'],'max_tokens':4,'n':2,'logprobs':3}",
        "/anthropic/v1/messages|{'model':'letters:1b','max_tokens':4,'system':[{'type':'text','text':'s'}],'messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}],'thinking':{'type':'adaptive'}}",
        "/api/v1/services/aigc/text-generation/generation|{'model':'letters:1b','input':{'messages':[{'role':'user','content':'hi'}]},'parameters':{'result_format':'message','max_tokens':4,'stop':[[1,2]],'top_k':3}}",
        "/api/chat|{'model':'letters:1b','messages':[{'role':'user','content':'hi'}],'stream':false,'options':{'num_predict':4,'top_k':3,'stop':'x'}}"
      })
  void areAnsweredOrRefusedAndNothingStaysBehind(String path, String valid) throws Exception {
    Random random = new Random(seed);
    byte[] body = valid.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < REQUESTS; i++) {
      byte[] damaged = damaged(body, random);
      HttpResponse<String> response = post(path, damaged);
      assertThat(response.statusCode())
          .as("%s %s", new String(damaged, StandardCharsets.ISO_8859_1), response.body())
          .isLessThan(500);
      if (response.statusCode() != 200) {
        refused++;
        assertThat(JSON.readTree(response.body()).isObject()).isTrue();
      }
    }
    assertThat(refused).isPositive();
    Awaitility.await().until(() -> server.engine().statistics().running() == 0);
    assertThat(post(path, body).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> post(String path, byte[] body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + TestServer.KEY)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static byte[] damaged(byte[] valid, Random random) {
    byte[] body = valid.clone();
    for (int k = 1 + random.nextInt(3); k > 0; k--) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(4)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> body = Arrays.copyOf(body, Math.max(1, at));
        default -> body[at] = (byte) "{}[]\",:0-e.ntf\\u".charAt(random.nextInt(16));
      }
    }
    return body;
  }
}
