package io.yuntai.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestPropertyTest {
  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomRequests requests = new RandomRequests(random);

  @BeforeEach
  void tellTheSeed() {
    System.out.println("-Dyuntai.seed=" + seed);
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      ChatRequest chat = requests.chat();
      assertThat(OpenAiRequests.decodeChat(OpenAiRequestWriter.encode(chat))).isEqualTo(chat);
      CompletionRequest completion = requests.completion();
      assertThat(OpenAiRequests.decodeCompletion(OpenAiRequestWriter.encode(completion)))
          .isEqualTo(completion);
    }
  }

  @Test
  void damagedBodiesAreReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      boolean chat = random.nextBoolean();
      byte[] body =
          damaged(
              chat
                  ? OpenAiRequestWriter.encode(requests.chat())
                  : OpenAiRequestWriter.encode(requests.completion()));
      try {
        Object request =
            chat ? OpenAiRequests.decodeChat(body) : OpenAiRequests.decodeCompletion(body);
        assertThat(request).isNotNull();
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isEqualTo(400);
        assertThat(OpenAiErrors.decode(400, OpenAiErrors.encode(e.error())).message()).isNotBlank();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("body: " + new String(body, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }

  private byte[] damaged(byte[] valid) {
    byte[] body = valid.clone();
    for (int k = 1 + random.nextInt(3); k > 0; k--) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(5)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> body = Arrays.copyOf(body, Math.max(1, at));
        case 3 -> body[at] = (byte) "{}[]\",:0-e.ntf\\u".charAt(random.nextInt(16));
        default -> {
          byte[] longer = Arrays.copyOf(body, body.length + random.nextInt(1, 9));
          int from = random.nextInt(body.length);
          System.arraycopy(
              body, from, longer, at, Math.min(body.length - from, longer.length - at));
          body = longer;
        }
      }
    }
    return body;
  }
}
