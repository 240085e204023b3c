package io.yuntai.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerHead.Kind;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.testing.RandomBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnswerEncodingTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final AnswerHead CHAT = new AnswerHead(Kind.CHAT, "chatcmpl-1", 7, "m", false);

  @Test
  void aWholeChatAnswerHasOpenAisShape() {
    Answer answer =
        new Answer(
            CHAT,
            List.of(new Answer.Choice("", "a\"b", List.of(), List.of(), FinishReason.STOP)),
            new Usage(3, 2, 4, 0));

    assertThat(text(OpenAiAnswers.encode(answer)))
        .isEqualTo(
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"a\\"b","refusal":null,"annotations":[]},\
            "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,\
            "total_tokens":7,"prompt_tokens_details":{"cached_tokens":2,"audio_tokens":0},\
            "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,\
            "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}\
            """);
  }

  @Test
  void chunksHaveOpenAisShape() {
    OpenAiStream stream = new OpenAiStream(CHAT, false);
    String head =
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\",\"choices\":[";

    assertThat(text(stream.encode(new AnswerEvent.Started(1))))
        .isEqualTo(
            head
                + "{\"index\":1,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
    assertThat(text(stream.encode(new AnswerEvent.Delta(1, "é\n", List.of()))))
        .isEqualTo(
            head
                + "{\"index\":1,\"delta\":{\"content\":\"é\\n\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
    assertThat(text(stream.encode(new AnswerEvent.ChoiceFinished(1, FinishReason.LENGTH))))
        .isEqualTo(
            head
                + "{\"index\":1,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n");
    assertThat(text(stream.encode(new AnswerEvent.Finished(new Usage(1, 0, 2, 0)))))
        .isEqualTo("data: [DONE]\n\n");
  }

  @Test
  void callsAndThoughtsAreSpelledAsOthersDo() {
    Answer answer =
        new Answer(
            CHAT,
            List.of(
                new Answer.Choice(
                    "hm",
                    "",
                    List.of(new ToolCall("c1", "f", "{\"a\":1}")),
                    List.of(),
                    FinishReason.TOOL_CALLS)),
            new Usage(3, 0, 9, 2));
    assertThat(text(OpenAiAnswers.encode(answer)))
        .contains(
            "\"content\":null,\"reasoning_content\":\"hm\",\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]",
            "\"finish_reason\":\"tool_calls\"",
            "\"reasoning_tokens\":2");

    OpenAiStream stream = new OpenAiStream(CHAT, false);
    assertThat(text(stream.encode(new AnswerEvent.Reasoning(0, "hm"))))
        .contains("\"delta\":{\"reasoning_content\":\"hm\"}");
    assertThat(text(stream.encode(new AnswerEvent.CallStarted(0, 1, "c1", "f"))))
        .contains(
            "\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}");
    assertThat(text(stream.encode(new AnswerEvent.CallArguments(0, 1, "{\""))))
        .contains(
            "\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{\\\"\"}}]}");
  }

  @Test
  void anErrorEndsAStreamWithoutDone() {
    String event =
        text(
            new OpenAiStream(CHAT, true)
                .encode(new AnswerEvent.Failed(ApiError.internal("It failed."))));

    assertThat(event)
        .isEqualTo(
            "data: {\"error\":{\"message\":\"It failed.\",\"type\":\"server_error\",\"param\":null,\"code\":\"internal_error\"}}\n\n");
  }

  @Test
  void textOffsetsCountCharactersAcrossChunks() {
    OpenAiStream stream =
        new OpenAiStream(new AnswerHead(Kind.COMPLETION, "cmpl-1", 7, "m", true), false);
    List<Integer> euro = List.of(0xE2, 0x82, 0xAC);
    stream.encode(delta("a", new Scored("a", List.of(97), -1)));
    JsonNode half = chunk(stream.encode(delta("", new Scored("\uFFFD", euro.subList(0, 2), -1))));
    JsonNode rest = chunk(stream.encode(delta("€", new Scored("\uFFFD", euro.subList(2, 3), -1))));
    JsonNode last = chunk(stream.encode(delta("b", new Scored("b", List.of(98), -1))));

    assertThat(half.at("/choices/0/logprobs/text_offset/0").intValue()).isEqualTo(1);
    assertThat(half.at("/choices/0/logprobs/tokens/0").stringValue()).isEqualTo("bytes:\\xe2\\x82");
    assertThat(rest.at("/choices/0/logprobs/text_offset/0").intValue()).isEqualTo(2);
    assertThat(last.at("/choices/0/logprobs/text_offset/0").intValue()).isEqualTo(2);
  }

  @Test
  void impossibleTokensHaveANumberAllTheSame() {
    TokenLogprob logprob =
        new TokenLogprob(
            new Scored("a", List.of(97), Double.NEGATIVE_INFINITY),
            List.of(new Scored("b", List.of(98), 0)));
    Answer answer =
        new Answer(
            new AnswerHead(Kind.CHAT, "c", 7, "m", true),
            List.of(new Answer.Choice("", "a", List.of(), List.of(logprob), FinishReason.STOP)),
            new Usage(1, 0, 1, 0));

    assertThat(
            JSON.readTree(OpenAiAnswers.encode(answer))
                .at("/choices/0/logprobs/content/0/logprob")
                .doubleValue())
        .isEqualTo(-9999);
  }

  @Test
  void anyTextComesThroughAndHalfSurrogatesBecomeReplacementCharacters() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    RandomBytes texts = new RandomBytes(new Random(seed));
    for (int i = 0; i < 5_000; i++) {
      String text = texts.text();
      JsonNode chunk =
          chunk(new OpenAiStream(CHAT, true).encode(new AnswerEvent.Delta(0, text, List.of())));
      assertThat(chunk.at("/choices/0/delta/content").stringValue()).isEqualTo(text);
    }
    JsonNode half =
        chunk(
            new OpenAiStream(CHAT, false)
                .encode(new AnswerEvent.Delta(0, "a\uD83Db\uDE00", List.of())));
    assertThat(half.at("/choices/0/delta/content").stringValue()).isEqualTo("a\uFFFDb\uFFFD");
  }

  @Test
  void errorsAreReadBack() {
    ApiError error = ApiError.invalidField("invalid_type", "messages[0]", "It is \"wrong\".");

    assertThat(OpenAiErrors.decode(400, OpenAiErrors.encode(error))).isEqualTo(error);
    assertThat(OpenAiErrors.decode(502, "<html>".getBytes(StandardCharsets.UTF_8)).code())
        .isEqualTo(Optional.of("unreadable_error"));
  }

  private static AnswerEvent delta(String text, Scored token) {
    return new AnswerEvent.Delta(0, text, List.of(new TokenLogprob(token, List.of(token))));
  }

  private static JsonNode chunk(byte[] event) {
    return JSON.readTree(text(event).substring("data: ".length()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
