package io.yuntai.console.requests;

import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Formats;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.ToolCall;
import io.yuntai.ledger.texts.KeptText;
import io.yuntai.server.texts.KeptAnswer;
import io.yuntai.server.texts.KeptRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a request asked and was answered, as a page shows it.
 *
 * @param turns of the conversation, the oldest first
 * @param parameters that decide about the answer: a name of OpenAI's API and a value
 * @param answer all that it was answered
 * @param json the request as a body of OpenAI's API
 */
public record KeptView(List<Turn> turns, List<Parameter> parameters, String answer, String json) {
  /**
   * A turn.
   *
   * @param role {@code user} and so on
   */
  public record Turn(String role, String text) {}

  /** A parameter. */
  public record Parameter(String name, String value) {}

  /** Copies the lists. */
  public KeptView {
    turns = List.copyOf(turns);
    parameters = List.copyOf(parameters);
  }

  static KeptView of(Visit visit, KeptText text) {
    String answer = KeptAnswer.plain(KeptAnswer.of(text));
    try {
      ModelRequest request = KeptRequests.read(text);
      return new KeptView(
          turns(request), parameters(visit.ui().formats(), request), answer, text.asked());
    } catch (ApiException _) {
      // It can be read as it stands, though not asked again.
      return new KeptView(List.of(), List.of(), answer, text.asked());
    }
  }

  private static List<Turn> turns(ModelRequest request) {
    return switch (request) {
      case ChatRequest chat -> chat.messages().stream().map(KeptView::turn).toList();
      case CompletionRequest completion ->
          completion.prompts().stream()
              .map(prompt ->
                  new Turn(
                      "prompt",
                      switch (prompt) {
                        case Prompt.Text plain -> plain.text();
                        case Prompt.Tokens tokens -> tokens.ids().toString();
                      }))
              .toList();
    };
  }

  private static Turn turn(Message message) {
    String calls =
        message.toolCalls().stream().map(KeptView::call).collect(Collectors.joining("\n"));
    return new Turn(
        message.role().name().toLowerCase(Locale.ROOT),
        message.content().isEmpty()
            ? calls
            : message.content() + (calls.isEmpty() ? "" : "\n" + calls));
  }

  private static String call(ToolCall call) {
    return call.name() + "(" + call.arguments() + ")";
  }

  private static List<Parameter> parameters(Formats formats, ModelRequest request) {
    GenerationSettings settings = request.settings();
    List<Parameter> all = new ArrayList<>();
    settings.seed().ifPresent(seed -> all.add(new Parameter("seed", Long.toString(seed))));
    all.add(new Parameter("temperature", formats.decimal(settings.temperature(), 2)));
    all.add(new Parameter("top_p", formats.decimal(settings.topP(), 2)));
    if (settings.topK() > 0) {
      all.add(new Parameter("top_k", formats.count(settings.topK())));
    }
    settings
        .maxTokens()
        .ifPresent(most -> all.add(new Parameter("max_tokens", formats.count(most))));
    if (request instanceof ChatRequest chat && !chat.toolUse().tools().isEmpty()) {
      all.add(new Parameter("tools", formats.count(chat.toolUse().tools().size())));
    }
    return all;
  }
}
