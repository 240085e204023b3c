package io.yuntai.server.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerBuilder;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.anthropic.AnthropicAnswers;
import io.yuntai.dialect.anthropic.AnthropicStream;
import io.yuntai.dialect.anthropic.AnthropicUpstream;
import io.yuntai.dialect.dashscope.DashScopeAnswers;
import io.yuntai.dialect.dashscope.DashScopeFormat;
import io.yuntai.dialect.dashscope.DashScopeStream;
import io.yuntai.dialect.dashscope.DashScopeUpstream;
import io.yuntai.dialect.ollama.OllamaStream;
import io.yuntai.dialect.ollama.OllamaUpstream;
import io.yuntai.dialect.openai.OpenAiAnswers;
import io.yuntai.dialect.openai.OpenAiFlavour;
import io.yuntai.dialect.openai.OpenAiStream;
import io.yuntai.dialect.openai.OpenAiUpstream;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.EventBuffer;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.server.testing.MockUpstream;
import io.yuntai.server.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Thoughts, text, a call of a tool and usage of each kind of upstream, as a client of each API
 * reads them: over real sockets, streamed and whole.
 */
class TranslationTest {
  private static final AnswerHead HEAD =
      new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1", 1, "theirs", false);
  private static final String ARGUMENTS = "{\"city\":\"Z\\u00fcrich \\\"N\\\"\",\"days\":3}";
  private static final List<AnswerEvent> EVENTS =
      List.of(
          new AnswerEvent.Started(0),
          new AnswerEvent.Reasoning(0, "I think "),
          new AnswerEvent.Reasoning(0, "of rain"),
          new AnswerEvent.Delta(0, "It \u4E91\u53F0 ", List.of()),
          new AnswerEvent.Delta(0, "rains\n", List.of()),
          new AnswerEvent.CallStarted(0, 0, "call_7", "weather"),
          new AnswerEvent.CallArguments(0, 0, ARGUMENTS),
          new AnswerEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS),
          new AnswerEvent.Finished(new Usage(41, 0, 23, 0)));

  @TempDir private Path folder;
  private final LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
  private final TestServer server = new TestServer(routes);

  @AfterEach
  void stop() {
    server.close();
    routes.close();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, openai",
    "openai, anthropic",
    "openai, dashscope",
    "openai, ollama",
    "openai-compatible, openai",
    "openai-compatible, anthropic",
    "openai-compatible, dashscope",
    "openai-compatible, ollama",
    "anthropic, openai",
    "anthropic, anthropic",
    "anthropic, dashscope",
    "anthropic, ollama",
    "dashscope, openai",
    "dashscope, anthropic",
    "dashscope, dashscope",
    "dashscope, ollama",
    "ollama, openai",
    "ollama, anthropic",
    "ollama, dashscope",
    "ollama, ollama"
  })
  void anAnswerMeansTheSameInEachApi(String upstream, String client) throws Exception {
    try (MockUpstream mock = new MockUpstream(answering(upstream))) {
      route(upstream, mock);
      for (boolean stream : List.of(true, false)) {
        Answer answer = ask(client, stream);
        Answer.Choice choice = answer.choices().getFirst();
        String what = upstream + " to " + client + (stream ? ", streamed" : ", whole");
        assertThat(choice.reasoning()).as(what).isEqualTo("I think of rain");
        assertThat(choice.text()).as(what).isEqualTo("It \u4E91\u53F0 rains\n");
        assertThat(choice.toolCalls()).as(what).hasSize(1);
        assertThat(choice.toolCalls().getFirst().name()).isEqualTo("weather");
        assertThat(choice.toolCalls().getFirst().id()).as(what).isEqualTo("call_7");
        assertThat(choice.toolCalls().getFirst().arguments().replace("\\u00fc", "\u00fc"))
            .as(what)
            .isEqualTo(ARGUMENTS.replace("\\u00fc", "\u00fc"));
        assertThat(choice.finishReason()).as(what).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.usage().promptTokens()).as(what).isEqualTo(41);
        assertThat(answer.usage().completionTokens()).as(what).isEqualTo(23);
      }
      assertThat(mock.requests()).hasSize(2).allMatch(request -> request.body().contains("theirs"));
    }
  }

  @ParameterizedTest
  @CsvSource({"openai", "openai-compatible", "anthropic", "dashscope", "ollama"})
  void anAnswerMeansTheSameToAClientOfResponses(String upstream) throws Exception {
    try (MockUpstream mock = new MockUpstream(answering(upstream))) {
      route(upstream, mock);
      for (boolean stream : List.of(true, false)) {
        HttpResponse<String> answer =
            server.post(
                "/v1/responses",
                """
                {"model":"smart","input":"Will it rain?","store":false,"stream":%s,
                 "tools":[{"type":"function","name":"weather","parameters":{"type":"object"}}]}
                """
                    .formatted(stream));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
            .contains(
                "I think of rain",
                "It \u4E91\u53F0 rains\\n",
                "\"type\":\"function_call\"",
                "\"call_id\":\"call_7\"",
                "\"name\":\"weather\"",
                "\"input_tokens\":41",
                "\"output_tokens\":23");
      }
    }
  }

  private void route(String kind, MockUpstream mock) throws Exception {
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(
        file,
        """
        [upstreams.other]
        kind = "%s"
        url = "%s"
        key_env = "KEY"
        [[routes.smart.targets]]
        upstream = "other"
        model = "theirs"
        """
            .formatted(kind, mock.url()));
    routes.apply(RoutesFile.read(file, Map.of("KEY", "sk-secret")));
  }

  /** What a server of this kind would say. */
  private static MockUpstream.Behaviour answering(String kind) {
    return (request, answering) -> {
      boolean stream =
          kind.equals("dashscope")
              ? request.headers().containsKey("x-dashscope-sse")
              : request.body().contains("\"stream\":true");
      byte[] body = stream ? written(stream(kind, true)) : whole(kind);
      String type =
          !stream
              ? "application/json"
              : kind.equals("ollama") ? "application/x-ndjson" : "text/event-stream";
      answering.raw(
          "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(type, body.length, new String(body, StandardCharsets.UTF_8)));
    };
  }

  private static AnswerStream stream(String kind, boolean pieces) {
    return switch (kind) {
      case "anthropic" -> new AnthropicStream(HEAD, "req_1");
      case "dashscope" -> new DashScopeStream(HEAD, new DashScopeFormat(true, true, false), "r");
      case "ollama" -> new OllamaStream(HEAD, true, pieces, InstantSource.system());
      default -> new OpenAiStream(HEAD, true);
    };
  }

  private static byte[] written(AnswerStream encoder) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    EVENTS.forEach(event -> bytes.writeBytes(encoder.encode(event)));
    return bytes.toByteArray();
  }

  private static byte[] whole(String kind) {
    Answer answer = built(EVENTS);
    return switch (kind) {
      case "anthropic" -> AnthropicAnswers.encode(answer);
      case "dashscope" ->
          DashScopeAnswers.encode(answer, new DashScopeFormat(true, false, false), "r");
      case "ollama" -> written(stream(kind, false));
      default -> OpenAiAnswers.encode(answer);
    };
  }

  private static Answer built(List<AnswerEvent> events) {
    AnswerBuilder builder = new AnswerBuilder(HEAD);
    events.forEach(builder::add);
    return builder.toAnswer();
  }

  private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"Will it rain?\"}]";
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}]";

  /** As a client of this API asks and reads. */
  private Answer ask(String client, boolean stream) throws Exception {
    HttpRequest.Builder request =
        server
            .request(
                switch (client) {
                  case "anthropic" -> "/anthropic/v1/messages";
                  case "dashscope" -> "/api/v1/services/aigc/text-generation/generation";
                  case "ollama" -> "/api/chat";
                  default -> "/v1/chat/completions";
                })
            .header("Content-Type", "application/json");
    if (client.equals("dashscope") && stream) {
      request.header("X-DashScope-SSE", "enable");
    }
    String body =
        switch (client) {
          case "anthropic" ->
              "\"max_tokens\":99,\"messages\":%s,\"stream\":%s,\"thinking\":{\"type\":\"adaptive\"},\"tools\":[{\"name\":\"weather\",\"input_schema\":{\"type\":\"object\"}}]"
                  .formatted(MESSAGES, stream);
          case "dashscope" ->
              "\"input\":{\"messages\":%s},\"parameters\":{\"result_format\":\"message\",\"incremental_output\":%s,\"parallel_tool_calls\":true,%s}"
                  .formatted(MESSAGES, stream, TOOLS);
          case "ollama" ->
              "\"messages\":%s,\"stream\":%s,\"options\":{\"top_k\":0},%s"
                  .formatted(MESSAGES, stream, TOOLS);
          default ->
              "\"messages\":%s,\"stream\":%s%s,%s"
                  .formatted(
                      MESSAGES,
                      stream,
                      stream ? ",\"stream_options\":{\"include_usage\":true}" : "",
                      TOOLS);
        };
    HttpResponse<String> response =
        server.send(
            request.POST(BodyPublishers.ofString("{\"model\":\"smart\"," + body + "}")).build());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).doesNotContain("theirs", "sk-secret");
    byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
    List<AnswerEvent> events = new ArrayList<>();
    AnswerReader reader = codec(client).reader(asked());
    if (stream) {
      read(bytes, client.equals("ollama"), reader, events::add);
    } else {
      reader.body(bytes, events::add);
    }
    return built(events);
  }

  private static void read(
      byte[] bytes, boolean lines, AnswerReader reader, Consumer<AnswerEvent> sink)
      throws Exception {
    EventBuffer buffer = lines ? EventBuffer.ofLines(1 << 20) : new EventBuffer(1 << 20);
    buffer.reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer.bytes(), buffer.end(), bytes.length);
    buffer.added(bytes.length);
    while (buffer.next()) {
      reader.event(buffer.name(), buffer.data(), buffer.dataFrom(), buffer.dataTo(), sink);
    }
    reader.end(sink);
  }

  private static UpstreamCodec codec(String client) {
    return switch (client) {
      case "anthropic" -> new AnthropicUpstream();
      case "dashscope" -> new DashScopeUpstream();
      case "ollama" -> new OllamaUpstream();
      default -> OpenAiUpstream.of(OpenAiFlavour.YUNTAI);
    };
  }

  private static ChatRequest asked() {
    return new ChatRequest(
        "smart",
        List.of(Message.of(Message.Role.USER, "Will it rain?")),
        ToolUse.NONE,
        GenerationSettings.DEFAULTS,
        Delivery.WHOLE,
        Map.of());
  }
}
