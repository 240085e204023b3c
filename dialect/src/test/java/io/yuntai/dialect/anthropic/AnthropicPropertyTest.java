package io.yuntai.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerBuilder;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.testing.RandomBytes;
import io.yuntai.dialect.testing.Streams;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnthropicPropertyTest {
  private static final AnswerHead HEAD =
      new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1", 1, "m", false);

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomConversations conversations = new RandomConversations(random);
  private final RandomBytes values = new RandomBytes(random);

  @BeforeEach
  void tellTheSeed() {
    System.out.println("-Dyuntai.seed=" + seed);
  }

  @Test
  void requestsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      ChatRequest request = conversations.request();
      byte[] body = new AnthropicUpstream().call(request).body();
      assertThat(AnthropicRequests.decode(body, AnthropicVersion.V2023_06_01)).isEqualTo(request);
    }
  }

  @Test
  void damagedRequestsAreReadOrRefused() throws Exception {
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] body = values.damaged(AnthropicRequestWriter.write(conversations.request()));
      try {
        assertThat(AnthropicRequests.decode(body, values.oneOf(List.of(AnthropicVersion.values()))))
            .isNotNull();
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isEqualTo(400);
        byte[] error = AnthropicErrors.encode(e.error(), "req_1");
        assertThat(AnthropicErrors.decode(400, error).code()).contains("invalid_value");
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("body: " + new String(body, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void streamsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      List<AnswerEvent> events = conversations.answer();
      byte[] stream = Streams.written(new AnthropicStream(HEAD, "req_1"), events);
      assertThat(Streams.read(new AnthropicAnswerReader(), stream)).isEqualTo(events);
    }
  }

  @Test
  void wholeAnswersSayTheSameAsStreams() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      AnswerBuilder streamed = new AnswerBuilder(HEAD);
      conversations.answer().stream()
          // Half an object, as a stream may bring it, is none in a whole answer.
          .filter(event -> !(event instanceof AnswerEvent.CallArguments))
          .forEach(streamed::add);
      Answer answer = streamed.toAnswer();
      AnswerBuilder read = new AnswerBuilder(HEAD);
      Streams.readWhole(new AnthropicAnswerReader(), AnthropicAnswers.encode(answer))
          .forEach(read::add);
      assertThat(AnthropicAnswers.encode(read.toAnswer()))
          .isEqualTo(AnthropicAnswers.encode(answer));
    }
  }

  @Test
  void damagedStreamsAreReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] stream =
          values.damaged(
              Streams.written(new AnthropicStream(HEAD, "req_1"), conversations.answer()));
      try {
        assertThat(Streams.read(new AnthropicAnswerReader(), stream).getLast())
            .isInstanceOf(AnswerEvent.Finished.class);
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isGreaterThanOrEqualTo(400);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("stream: " + new String(stream, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }
}
