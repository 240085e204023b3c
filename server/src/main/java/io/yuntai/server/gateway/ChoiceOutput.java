package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.server.output.OutputPart;
import io.yuntai.server.output.OutputReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One choice of an answer: its text to events. For one thread. */
final class ChoiceOutput {
  private final int choice;
  private final OutputReader reader;
  private final Supplier<String> callIds;
  private long reasoningTokens;
  private int call = -1;

  /**
   * @param choice its index
   * @param reader what it means
   * @param callIds fresh ids of calls
   */
  ChoiceOutput(int choice, OutputReader reader, Supplier<String> callIds) {
    this.choice = choice;
    this.reader = reader;
    this.callIds = callIds;
  }

  /** A choice whose text is text and nothing else. */
  static ChoiceOutput plain(int choice) {
    OutputReader reader = new OutputReader(OutputReader.Start.ANSWER, Optional.empty(), Map.of());
    return new ChoiceOutput(
        choice,
        reader,
        () -> {
          throw new IllegalStateException("no calls are read here");
        });
  }

  /** A token came. */
  List<AnswerEvent> token(String text, List<TokenLogprob> logprobs) {
    boolean reasoned = reader.isReasoning();
    List<AnswerEvent> events = events(reader.append(text), logprobs);
    if (reasoned || reader.isReasoning()) {
      reasoningTokens++;
    }
    return events;
  }

  /** The model ended it, with text that it had held back. */
  List<AnswerEvent> finish(String text, FinishReason reason, Optional<String> stopText) {
    List<AnswerEvent> events = events(reader.append(text), List.of());
    events.addAll(events(reader.finish(), List.of()));
    boolean called = reason == FinishReason.STOP && reader.calls() > 0;
    events.add(
        new AnswerEvent.ChoiceFinished(
            choice, called ? FinishReason.TOOL_CALLS : reason, stopText));
    return events;
  }

  /** Tokens of thoughts so far. */
  long reasoningTokens() {
    return reasoningTokens;
  }

  /** Log-probabilities go with text; where the text is not for the asker, with none. */
  private List<AnswerEvent> events(List<OutputPart> parts, List<TokenLogprob> logprobs) {
    List<AnswerEvent> events = new ArrayList<>(parts.size() + 1);
    List<TokenLogprob> left = logprobs;
    for (OutputPart part : parts) {
      switch (part) {
        case OutputPart.Text text -> {
          events.add(new AnswerEvent.Delta(choice, text.text(), left));
          left = List.of();
        }
        case OutputPart.Reasoning thought ->
            events.add(new AnswerEvent.Reasoning(choice, thought.text()));
        case OutputPart.CallStarted started ->
            events.add(new AnswerEvent.CallStarted(choice, ++call, callIds.get(), started.name()));
        case OutputPart.CallArguments more ->
            events.add(new AnswerEvent.CallArguments(choice, call, more.json()));
      }
    }
    if (!left.isEmpty()) {
      events.add(new AnswerEvent.Delta(choice, "", left));
    }
    return events;
  }
}
