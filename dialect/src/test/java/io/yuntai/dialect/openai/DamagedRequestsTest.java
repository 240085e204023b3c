package io.yuntai.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.responses.ResponsesRequests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests that were damaged on the way: read, or refused with a sentence; never anything else. */
class DamagedRequestsTest {
  private static final int ROUNDS = 10_000;

  private static final String CHAT =
      """
      {"model":"m","messages":[{"role":"system","content":"be kind"},
       {"role":"user","content":[{"type":"text","text":"hi \\u00e9"}],"name":"ann"},
       {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
       {"role":"tool","tool_call_id":"c1","content":"1"}],
       "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}}],
       "tool_choice":"auto","temperature":0.5,"top_p":0.9,"max_tokens":12,"seed":7,"stop":["a","b"],"n":2,
       "logprobs":true,"top_logprobs":3,"logit_bias":{"5":-1.5},"stream":true,"stream_options":{"include_usage":true},
       "reasoning_effort":"low","metadata":{"k":"v"},"chat_template_kwargs":{"x":[1,2.5,null]}}\
      """;

  private static final String COMPLETION =
      """
      {"model":"m","prompt":["a",""],"max_tokens":3,"logprobs":2,"stop":"x","stream":false,"best_of":1,
       "presence_penalty":-1,"frequency_penalty":1.25,"user":"u"}\
      """;

  private static final String RESPONSE =
      """
      {"model":"m","instructions":"be brief","input":[{"role":"user","content":"hi"},
       {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"yt1.aGk"},
       {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
       {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"1"}]},
       {"type":"message","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}]}],
       "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"custom","name":"g"},{"type":"web_search"}],
       "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},
       "text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"}},"verbosity":"low"},
       "reasoning":{"effort":"high"},"include":["reasoning.encrypted_content"],"store":false,"stream":true,
       "max_output_tokens":9,"top_logprobs":1,"previous_response_id":"resp_1"}\
      """;

  private interface Decoder {
    Object decode(byte[] body) throws ApiException;
  }

  @Test
  void chatRequests() {
    damage(CHAT, OpenAiRequests::decodeChat);
  }

  @Test
  void completionRequests() {
    damage(COMPLETION, OpenAiRequests::decodeCompletion);
  }

  @Test
  void responsesRequests() {
    damage(RESPONSE, body -> ResponsesRequests.decode(body, "0").toChat(List.of()));
  }

  private static void damage(String whole, Decoder decoder) {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    byte[] good = whole.getBytes(StandardCharsets.UTF_8);
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] body = damaged(good, random);
      try {
        assertThat(decoder.decode(body)).isNotNull();
        read++;
      } catch (ApiException e) {
        ApiError error = e.error();
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).isNotBlank().hasSizeLessThan(2000);
        assertThat(error.code()).isPresent();
      }
    }
    assertThat(read).as("some damage is harmless").isPositive();
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] body = good.clone();
    for (int times = 1 + random.nextInt(3); times > 0 && body.length > 0; times--) {
      int at = random.nextInt(body.length);
      int length = Math.min(body.length - at, 1 + random.nextInt(12));
      switch (random.nextInt(6)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body = joined(body, 0, at, body, at + length, body.length);
        case 2 -> body = joined(body, 0, at + length, body, at, body.length);
        case 3 -> body = Arrays.copyOf(body, Math.max(1, at));
        case 4 ->
            body[at] = "{}[],:\"0-.eE\\ntu".getBytes(StandardCharsets.US_ASCII)[random.nextInt(15)];
        default -> {
          int other = random.nextInt(body.length);
          body = joined(body, 0, at, body, other, Math.min(body.length, other + length));
          body =
              joined(body, 0, body.length, good, Math.min(good.length, at + length), good.length);
        }
      }
    }
    return body;
  }

  private static byte[] joined(byte[] a, int fromA, int toA, byte[] b, int fromB, int toB) {
    byte[] both = new byte[toA - fromA + Math.max(0, toB - fromB)];
    System.arraycopy(a, fromA, both, 0, toA - fromA);
    System.arraycopy(b, fromB, both, toA - fromA, both.length - (toA - fromA));
    return both;
  }
}
