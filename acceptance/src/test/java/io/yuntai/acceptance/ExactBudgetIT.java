package io.yuntai.acceptance;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tenant's key pays for exactly 100 requests, and OpenAI's official client asks 1,000 times. */
class ExactBudgetIT {
  private static final int REQUESTS = 1_000;
  private static final int PAID = 100;
  private static final int AT_ONCE = 250;
  private static final Duration SETTLED_MOST = Duration.ofMinutes(1);

  @Test
  void servesExactlyWhatIsPaidForAndBillsItToTheCent() throws Exception {
    Yuntai yuntai = Yuntai.withModels(RealModels.SMOLLM2);
    Yuntai.Server server = yuntai.up(RealModels.SMOLLM2);
    yuntai.result("tenants", "create", "acme", "--currency", "CNY", "--credit", "100");
    Path prices =
        Files.writeString(yuntai.home().resolve("p.csv"), "model,input,output\n*,0,10000\n");
    yuntai.result("prices", "import", prices.toString(), "--name", "list", "--currency", "CNY");
    yuntai.result("prices", "publish", "list");
    yuntai.result("prices", "use", "list", "--tenant", "acme");
    String key =
        JsonMapper.shared()
            .readTree(
                yuntai.result(
                    "keys", "create", "ci", "--tenant", "acme", "--budget", "1/total", "--json"))
            .get("key")
            .stringValue();

    assertThat(askAll(server, key)).as("served").isEqualTo(PAID);

    JsonNode usage = usage(yuntai);
    assertThat(usage.get("requests").intValue()).isEqualTo(PAID);
    assertThat(usage.get("amount").stringValue()).isEqualTo("1.00");
    assertThat(yuntai.run("ledger", "verify").exitCode()).isZero();
    yuntai.down();
    yuntai.delete();
  }

  /** How many were served; all others were refused in the words that clients know. */
  private static long askAll(Yuntai.Server server, String key) throws Exception {
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder()
            .model(RealModels.SMOLLM2)
            .addUserMessage("Hello")
            .temperature(0)
            .maxCompletionTokens(1)
            .build();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      OpenAIClient client =
          OpenAIOkHttpClient.builder()
              .baseUrl(server.url() + "/v1")
              .apiKey(key)
              .maxRetries(0)
              .timeout(Duration.ofMinutes(5))
              .build();
      List<Future<Boolean>> asked = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        asked.add(threads.submit(() -> isServed(client, request)));
      }
      long served = 0;
      for (Future<Boolean> one : asked) {
        served += one.get(10, MINUTES) ? 1 : 0;
      }
      client.close();
      return served;
    }
  }

  private static boolean isServed(OpenAIClient client, ChatCompletionCreateParams request) {
    try {
      ChatCompletion answer = client.chat().completions().create(request);
      assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(1);
      return true;
    } catch (RateLimitException refused) {
      assertThat(refused.code()).contains("insufficient_quota");
      return false;
    }
  }

  /** The tenant's one line of usage, which is there a moment after the last answer. */
  private static JsonNode usage(Yuntai yuntai) throws Exception {
    long until = System.nanoTime() + SETTLED_MOST.toNanos();
    while (true) {
      JsonNode lines =
          JsonMapper.shared().readTree(yuntai.result("usage", "--tenant", "acme", "--json"));
      if (System.nanoTime() > until
          || (lines.size() == 1 && lines.get(0).get("requests").intValue() >= PAID)) {
        return lines.get(0);
      }
    }
  }
}
