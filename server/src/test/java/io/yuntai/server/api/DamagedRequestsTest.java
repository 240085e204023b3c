package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.server.testing.TestServer;
import java.lang.management.ManagementFactory;
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

/**
 * Requests with some bytes changed: an answer or a clear error each, and nothing stays behind: no
 * request in flight, no generation, no KV block, no thread, no open file, no memory. {@code
 * -Dyuntai.damaged=10000} sends so many of each kind, {@code -Dyuntai.seed} the same ones again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedRequestsTest {
  private static final int REQUESTS = Integer.getInteger("yuntai.damaged", 300);

  /** A request that left its body behind would take more; kept answers and runs take some. */
  private static final long HEAP_MEGABYTES = 48;

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
        "/v1/chat/completions|{'model':'letters:1b','messages':[{'role':'user','content':'hi'}],'max_tokens':4,'temperature':0.5,'repetition_penalty':1.1,'stop':['x'],'logit_bias':{'65':1}}",
        "/v1/chat/completions|{'model':'letters:1b','messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}],'max_completion_tokens':4,'stream':true,'stream_options':{'include_usage':true},'logprobs':true,'top_logprobs':2,'response_format':{'type':'text'}}",
        "/v1/chat/completions|{'model':'letters:1b','messages':[{'role':'user','content':'hi'}],'max_tokens':4,'guided_regex':'(a?[b-y]{1,3}z*)+'}",
        "/v1/chat/completions|{'model':'letters:1b','messages':[{'role':'user','content':'hi'}],'max_tokens':4,'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':{'type':'object','properties':{'a':{'type':'string','pattern':'^[a-z]{1,4}$'},'b':{'enum':[1,null,'x']},'c':{'$ref':'#/$defs/d'}},'required':['a'],'additionalProperties':false,'$defs':{'d':{'type':'array','items':{'type':'integer'},'maxItems':3}}}}}}",
        "/v1/completions|{'model':'letters:1b','prompt':['a','b'],'max_tokens':4,'n':2,'logprobs':3}",
        "/v1/responses|{'model':'letters:1b','input':[{'role':'user','content':[{'type':'input_text','text':'hi'}]}],'max_output_tokens':4,'store':false,'stream':true,'include':['reasoning.encrypted_content'],'metadata':{'a':'b'}}",
        "/v1/responses|{'model':'letters:1b','input':'hi','instructions':'be kind','max_output_tokens':4,'store':true,'temperature':0.5}",
        "/anthropic/v1/messages|{'model':'letters:1b','max_tokens':4,'system':[{'type':'text','text':'s'}],'messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}],'thinking':{'type':'adaptive'}}",
        "/v1/messages|{'model':'letters:1b','max_tokens':4,'stream':true,'stop_sequences':['x'],'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':[{'type':'text','text':'a'}]}]}",
        "/api/v1/services/aigc/text-generation/generation|{'model':'letters:1b','input':{'messages':[{'role':'user','content':'hi'}]},'parameters':{'result_format':'message','max_tokens':4,'stop':[[1,2]],'top_k':3,'repetition_penalty':1.1}}",
        "/api/chat|{'model':'letters:1b','messages':[{'role':'user','content':'hi'}],'stream':false,'options':{'num_predict':4,'top_k':3,'stop':'x','repeat_penalty':1.1}}",
        "/api/generate|{'model':'letters:1b','prompt':'hi','stream':true,'raw':true,'options':{'num_predict':4}}"
      })
  void areAnsweredOrRefusedAndNothingStaysBehind(String path, String valid) throws Exception {
    Random random = new Random(seed);
    byte[] body = valid.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    // What the first ones leave is what is made once: classes, connections, pools of threads.
    int refused = send(path, body, REQUESTS / 5, random);
    Held before = held();
    refused += send(path, body, REQUESTS, random);
    assertThat(refused).isPositive();
    assertThat(post(path, body).statusCode()).isEqualTo(200);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> held().isNoMoreThan(before));
  }

  /** How many were refused. */
  private int send(String path, byte[] body, int count, Random random) throws Exception {
    int refused = 0;
    for (int i = 0; i < count; i++) {
      byte[] damaged = damaged(body, random);
      HttpResponse<String> response = post(path, damaged);
      assertThat(response.statusCode())
          .as("%s %s", new String(damaged, StandardCharsets.ISO_8859_1), response.body())
          .isLessThan(500);
      if (response.statusCode() != 200) {
        refused++;
        assertThat(JSON.readTree(response.body()).isObject()).isTrue();
        assertThat(response.body()).containsPattern("\"(message|error)\" ?: ?\"[^\"]{8}");
      }
    }
    return refused;
  }

  /** What a request could leave behind. */
  private record Held(
      int generations, long kvBlocks, int inFlight, int threads, long files, long heapMegabytes) {
    /** Threads and files of the JVM and of this test's own client come and go by a few. */
    void isNoMoreThan(Held before) {
      assertThat(generations).isZero();
      assertThat(kvBlocks).isZero();
      assertThat(inFlight).isZero();
      assertThat(threads).isLessThanOrEqualTo(before.threads + 8);
      assertThat(files).isLessThanOrEqualTo(before.files + 8);
      assertThat(heapMegabytes).isLessThanOrEqualTo(before.heapMegabytes + HEAP_MEGABYTES);
    }
  }

  private Held held() throws Exception {
    HttpResponse<String> probe =
        post(
            "/v1/completions",
            "{\"model\":\"letters:1b\",\"prompt\":\"a\",\"max_tokens\":1}"
                .getBytes(StandardCharsets.UTF_8));
    Awaitility.await().until(() -> server.engine().statistics().running() == 0);
    EngineStatistics engine = server.engine().statistics();
    return new Held(
        engine.running() + engine.waiting(),
        engine.kvBlocksUsed(),
        header(probe, "x-ratelimit-limit-requests")
            - header(probe, "x-ratelimit-remaining-requests")
            - 1,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        openFiles(),
        usedHeapMegabytes());
  }

  private static int header(HttpResponse<String> response, String name) {
    return Integer.parseInt(response.headers().firstValue(name).orElseThrow());
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  private static long usedHeapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
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
