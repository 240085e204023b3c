package io.yuntai.dialect.dashscope;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DashScopePropertyTest {
  private static final DashScopeFormat PIECES = new DashScopeFormat(true, true, false);
  private static final DashScopeFormat CUMULATIVE = new DashScopeFormat(true, false, false);

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomCalls calls = new RandomCalls(random);
  private final RandomBytes values = new RandomBytes(random);

  @BeforeEach
  void tellTheSeed() {
    System.out.println("-Dyuntai.seed=" + seed);
  }

  @Test
  void requestsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      ChatRequest request = calls.request();
      byte[] body = new DashScopeUpstream().call(request).body();
      DashScopeCall call = DashScopeRequests.decode(body, request.delivery().stream(), false);
      assertThat(call.request()).isEqualTo(request);
      assertThat(call.format())
          .isEqualTo(new DashScopeFormat(true, request.delivery().stream(), false));
    }
  }

  @Test
  void damagedRequestsAreReadOrRefused() throws Exception {
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] body = values.damaged(DashScopeRequestWriter.write(calls.request()));
      try {
        assertThat(DashScopeRequests.decode(body, random.nextBoolean(), random.nextBoolean()))
            .isNotNull();
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isEqualTo(400);
        byte[] error = DashScopeErrors.encode(e.error(), "req_1");
        assertThat(DashScopeErrors.decode(400, error).code()).isPresent();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("body: " + new String(body, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void streamsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      int choices = 1 + random.nextInt(3);
      boolean logprobs = random.nextBoolean();
      List<AnswerEvent> events = calls.answer(choices, logprobs);
      byte[] stream = Streams.written(new DashScopeStream(head(logprobs), PIECES, "r"), events);
      assertThat(uncounted(Streams.read(new DashScopeAnswerReader(choices), stream)))
          .isEqualTo(events);
    }
  }

  @Test
  void wholeAnswersAreReadBack() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      int choices = 1 + random.nextInt(3);
      boolean logprobs = random.nextBoolean();
      Answer answer = built(calls.answer(choices, logprobs), logprobs);
      byte[] body = DashScopeAnswers.encode(answer, PIECES, "r");
      assertThat(built(Streams.readWhole(new DashScopeAnswerReader(choices), body), logprobs))
          .isEqualTo(answer);
    }
  }

  /** What raw clients rely on: each piece is all so far, and the last one the whole answer. */
  @Test
  void cumulativePiecesGrowIntoTheWholeAnswer() {
    JsonMapper json = new JsonMapper();
    for (int i = 0; i < 500; i++) {
      List<AnswerEvent> events = calls.answer(1, false);
      String stream =
          new String(
              Streams.written(new DashScopeStream(head(false), CUMULATIVE, "r"), events),
              StandardCharsets.UTF_8);
      String before = "";
      JsonNode last = json.createObjectNode();
      for (String line : stream.split("\n")) {
        if (line.startsWith("data:")) {
          last = json.readTree(line.substring(5)).at("/output/choices/0/message");
          String content = last.get("content").stringValue();
          assertThat(content).startsWith(before);
          before = content;
        }
      }
      Answer.Choice whole = built(events, false).choices().getFirst();
      assertThat(before).isEqualTo(whole.text());
      assertThat(last.path("reasoning_content").stringValue("")).isEqualTo(whole.reasoning());
      for (int call = 0; call < whole.toolCalls().size(); call++) {
        assertThat(last.at("/tool_calls/" + call + "/function/arguments").stringValue())
            .isEqualTo(whole.toolCalls().get(call).arguments());
      }
    }
  }

  @Test
  void damagedStreamsAreReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] stream =
          values.damaged(
              Streams.written(new DashScopeStream(head(true), PIECES, "r"), calls.answer(1, true)));
      try {
        assertThat(Streams.read(new DashScopeAnswerReader(1), stream).getLast())
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

  private static AnswerHead head(boolean logprobs) {
    return new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1", 1, "m", logprobs);
  }

  private static Answer built(List<AnswerEvent> events, boolean logprobs) {
    AnswerBuilder builder = new AnswerBuilder(head(logprobs));
    events.forEach(builder::add);
    return builder.toAnswer();
  }

  private static List<AnswerEvent> uncounted(List<AnswerEvent> events) {
    return events.stream().filter(event -> !(event instanceof AnswerEvent.Counted)).toList();
  }
}
