package io.yuntai.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.EventBuffer;
import io.yuntai.dialect.upstream.UpstreamCall;
import io.yuntai.dialect.upstream.UpstreamCall.Header;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenAiUpstreamTest {
  private static final OpenAiUpstream COMPATIBLE = OpenAiUpstream.of(OpenAiFlavour.COMPATIBLE);
  private static final OpenAiUpstream OPENAI = OpenAiUpstream.of(OpenAiFlavour.OPENAI);

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomAnswers answers = new RandomAnswers(random);

  @Test
  void whatOurOwnStreamSaysIsReadBackAsItWas() throws Exception {
    System.out.println("-Dyuntai.seed=" + seed);
    for (int i = 0; i < 2_000; i++) {
      boolean logprobs = random.nextBoolean();
      List<AnswerEvent> events = answers.chat(logprobs);
      assertThat(readStream(stream(events, logprobs))).isEqualTo(events);
    }
  }

  @Test
  void damagedStreamsAreReadOrRefused() {
    System.out.println("-Dyuntai.seed=" + seed);
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] stream = stream(answers.chat(true), true);
      for (int k = 1 + random.nextInt(3); k > 0; k--) {
        int at = random.nextInt(stream.length);
        if (random.nextBoolean()) {
          stream[at] = (byte) random.nextInt(256);
        } else {
          stream[at] = (byte) "{}[]\",:0-e.ntf\\u".charAt(random.nextInt(16));
        }
      }
      try {
        List<AnswerEvent> events = readStream(stream);
        assertThat(events.getLast()).isInstanceOf(AnswerEvent.Finished.class);
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isIn(500, 502);
      } catch (RuntimeException e) {
        throw new AssertionError(new String(stream, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aWholeAnswerIsReadToTheSameEventsAsAStreamedOne() throws Exception {
    assertThat(
            readBody(
                """
                {"id":"x","object":"chat.completion","choices":[{"index":0,"message":{
                "role":"assistant","content":null,"reasoning_content":"think","tool_calls":[
                {"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}},
                {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},
                "logprobs":null,"finish_reason":"tool_calls"}],
                "usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12,
                "prompt_tokens_details":{"cached_tokens":3},
                "completion_tokens_details":{"reasoning_tokens":2}}}\
                """))
        .containsExactly(
            new AnswerEvent.Started(0),
            new AnswerEvent.Reasoning(0, "think"),
            new AnswerEvent.CallStarted(0, 0, "a", "f"),
            new AnswerEvent.CallArguments(0, 0, "{\"x\":1}"),
            new AnswerEvent.CallStarted(0, 1, "b", "g"),
            new AnswerEvent.CallArguments(0, 1, "{}"),
            new AnswerEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS),
            new AnswerEvent.Finished(new Usage(7, 3, 5, 2)));
  }

  @Test
  void serversThatSayLessAreUnderstood() throws Exception {
    // No index, no role, "stop" after a call, null usage on pieces, no [DONE].
    assertThat(
            readStream(
                """
                data: {"choices":[{"delta":{"reasoning":"hm"}}],"usage":null}

                data: {"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":""}}]}}]}

                data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{}"}}]}}]}

                data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}

                """
                    .getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            new AnswerEvent.Started(0),
            new AnswerEvent.Reasoning(0, "hm"),
            new AnswerEvent.CallStarted(0, 0, "a", "f"),
            new AnswerEvent.CallArguments(0, 0, "{}"),
            new AnswerEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS),
            new AnswerEvent.Finished(new Usage(1, 0, 2, 0)));
  }

  @Test
  void anAnswerThatBreaksOffIsAnError() {
    byte[] stream =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> readStream(stream))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("broke off");
  }

  @Test
  void anErrorInTheStreamIsTheUpstreamsOwn() {
    byte[] stream =
        "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"x\",\"code\":500}}\n\n"
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> readStream(stream))
        .isInstanceOf(ApiException.class)
        .hasMessage("out of memory");
  }

  @Test
  void openAiIsNotSentWhatItRefuses() throws Exception {
    String body = sent(OPENAI, request(GenerationSettings.DEFAULTS, Map.of()));
    assertThat(body)
        .isEqualTo(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    assertThatThrownBy(() ->
            OPENAI.call(request(GenerationSettings.DEFAULTS, Map.of("enable_thinking", false))))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("'enable_thinking'");
  }

  @Test
  void otherServersAreToldWhatIsMeant() throws Exception {
    assertThat(sent(COMPATIBLE, request(GenerationSettings.DEFAULTS, Map.of("x", 1))))
        .contains("\"temperature\":1.0,\"top_p\":1.0", "\"chat_template_kwargs\":{\"x\":1}");
  }

  @Test
  void azureHasTheDeploymentInThePathAndTheKeyInAHeaderOfItsOwn() throws Exception {
    OpenAiUpstream azure = OpenAiUpstream.azure("2024-10-21");
    UpstreamCall call = azure.call(request(GenerationSettings.DEFAULTS, Map.of()));
    assertThat(call.path())
        .isEqualTo("/openai/deployments/m/chat/completions?api-version=2024-10-21");
    assertThat(azure.credentials("k")).containsExactly(new Header("api-key", "k"));
    assertThat(OPENAI.credentials("k")).containsExactly(new Header("authorization", "Bearer k"));
  }

  @Test
  void errorsOfDifferentServersMeanTheSame() {
    assertThat(error(400, "{\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}"))
        .contains("context_length_exceeded");
    assertThat(
            error(
                400,
                "{\"object\":\"error\",\"message\":\"This model's maximum context length is 10 tokens.\",\"type\":\"BadRequestError\",\"code\":400}"))
        .contains("context_length_exceeded");
    assertThat(
            error(
                400,
                "{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size\",\"type\":\"exceed_context_size_error\"}}"))
        .contains("context_length_exceeded");
    assertThat(error(429, "slow down")).isEmpty();
    assertThat(error(429, "{\"detail\":\"slow down\"}")).contains("rate_limit_exceeded");
    assertThat(error(503, "{\"error\":\"no\"}")).isEmpty();
  }

  private static java.util.Optional<String> error(int status, String body) {
    ApiError error = COMPATIBLE.error(status, body.getBytes(StandardCharsets.UTF_8));
    assertThat(error.status()).isEqualTo(status);
    assertThat(error.message()).isNotBlank();
    return error.code();
  }

  private static ChatRequest request(GenerationSettings settings, Map<String, Object> variables) {
    return new ChatRequest(
        "m",
        List.of(Message.of(Role.USER, "hi")),
        ToolUse.NONE,
        settings,
        new Delivery(true, false),
        variables);
  }

  private static String sent(OpenAiUpstream upstream, ChatRequest request) throws ApiException {
    return new String(upstream.call(request).body(), StandardCharsets.UTF_8);
  }

  private static byte[] stream(List<AnswerEvent> events, boolean logprobs) {
    OpenAiStream encoder =
        new OpenAiStream(new AnswerHead(AnswerHead.Kind.CHAT, "id", 1, "m", logprobs), true);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    events.forEach(event -> bytes.writeBytes(encoder.encode(event)));
    return bytes.toByteArray();
  }

  private static List<AnswerEvent> readStream(byte[] stream) throws ApiException {
    AnswerReader reader = new OpenAiAnswerReader();
    List<AnswerEvent> events = new ArrayList<>();
    EventBuffer buffer = new EventBuffer(1 << 20);
    buffer.reserve(stream.length);
    System.arraycopy(stream, 0, buffer.bytes(), buffer.end(), stream.length);
    buffer.added(stream.length);
    while (buffer.next()) {
      reader.event(buffer.name(), buffer.data(), buffer.dataFrom(), buffer.dataTo(), events::add);
    }
    reader.end(events::add);
    return events;
  }

  private static List<AnswerEvent> readBody(String json) throws ApiException {
    List<AnswerEvent> events = new ArrayList<>();
    new OpenAiAnswerReader().body(json.getBytes(StandardCharsets.UTF_8), events::add);
    return events;
  }
}
