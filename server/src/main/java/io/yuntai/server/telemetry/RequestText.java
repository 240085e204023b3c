package io.yuntai.server.telemetry;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.openai.OpenAiRequestWriter;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.texts.KeptText;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a request asks and what its answer says, while it comes. Only of tenants that want it kept.
 * Used as its timeline is: by one thread after the other.
 */
final class RequestText {
  /** With escapes and four bytes a character it fits into what is kept. */
  private static final int MAX_ANSWER_CHARS = KeptText.MAX_BYTES / 8;

  private final ModelRequest request;
  private final OptionalLong seed;
  private final Map<Integer, Choice> choices = new TreeMap<>();
  private int chars;

  private static final class Choice {
    final StringBuilder text = new StringBuilder();
    final StringBuilder reasoning = new StringBuilder();
    final Map<Integer, Call> calls = new TreeMap<>();
  }

  private record Call(String name, StringBuilder arguments) {}

  /**
   * @param seed what the answers are drawn by, where it is known
   */
  RequestText(ModelRequest request, OptionalLong seed) {
    this.request = request;
    this.seed = seed;
  }

  void said(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Delta delta -> append(choice(delta.choice()).text, delta.text());
      case AnswerEvent.Reasoning thought ->
          append(choice(thought.choice()).reasoning, thought.text());
      case AnswerEvent.CallStarted call ->
          choice(call.choice()).calls.put(call.call(), new Call(call.name(), new StringBuilder()));
      case AnswerEvent.CallArguments more -> {
        Call call = choice(more.choice()).calls.get(more.call());
        if (call != null) {
          append(call.arguments(), more.json());
        }
      }
      case AnswerEvent.Started _,
          AnswerEvent.ReasoningSigned _,
          AnswerEvent.Counted _,
          AnswerEvent.ChoiceFinished _,
          AnswerEvent.Finished _,
          AnswerEvent.Failed _ -> {}
    }
  }

  private Choice choice(int index) {
    return choices.computeIfAbsent(index, _ -> new Choice());
  }

  private void append(StringBuilder text, String more) {
    int room = Math.min(more.length(), MAX_ANSWER_CHARS - chars);
    text.append(more, 0, room);
    chars += room;
  }

  /** As it is kept; empty where the request is too long for that. */
  Optional<KeptText> toKept(RequestTimeline timeline) {
    byte[] asked = asked();
    if (asked.length > KeptText.MAX_BYTES) {
      return Optional.empty();
    }
    LoggedRequest.Asker asker = timeline.asker();
    return Optional.of(
        new KeptText(
            timeline.requestId(),
            asker.orgId(),
            asker.keyId() == 0 ? asker.userId() : 0,
            timeline.at(),
            timeline.operation(),
            request instanceof ChatRequest chat && chat.continued(),
            new String(asked, StandardCharsets.UTF_8),
            answered()));
  }

  private byte[] asked() {
    GenerationSettings settings =
        seed.isPresent() ? request.settings().withSeed(seed.getAsLong()) : request.settings();
    return switch (request) {
      case ChatRequest chat -> OpenAiRequestWriter.encode(chat.with(settings));
      case CompletionRequest completion -> OpenAiRequestWriter.encode(completion.with(settings));
    };
  }

  private String answered() {
    JsonBytes out = new JsonBytes(256).raw("{\"choices\":[");
    boolean first = true;
    for (Choice choice : choices.values()) {
      out.raw(first ? "{\"text\":" : ",{\"text\":").text(choice.text.toString());
      out.raw(",\"reasoning\":").text(choice.reasoning.toString()).raw(",\"calls\":[");
      boolean firstCall = true;
      for (Call call : choice.calls.values()) {
        out.raw(firstCall ? "{\"name\":" : ",{\"name\":").text(call.name());
        out.raw(",\"arguments\":").text(call.arguments().toString()).raw("}");
        firstCall = false;
      }
      out.raw("]}");
      first = false;
    }
    return new String(out.raw("]}").toBytes(), StandardCharsets.UTF_8);
  }
}
