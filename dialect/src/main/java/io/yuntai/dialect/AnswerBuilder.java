package io.yuntai.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a whole answer together from its events. For one thread. */
public final class AnswerBuilder {
  private final AnswerHead head;
  private final List<ChoiceBuilder> choices = new ArrayList<>();
  private Usage usage = new Usage(0, 0, 0, 0);

  /**
   * @param head what all its events have in common
   */
  public AnswerBuilder(AnswerHead head) {
    this.head = head;
  }

  /** Takes the next event; nothing of {@link AnswerEvent.Failed}, which leaves what was there. */
  public void add(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Started started -> choice(started.choice());
      case AnswerEvent.Delta delta -> {
        choice(delta.choice()).text.append(delta.text());
        choice(delta.choice()).logprobs.addAll(delta.logprobs());
      }
      case AnswerEvent.Reasoning more -> choice(more.choice()).reasoning.append(more.text());
      case AnswerEvent.ReasoningSigned signed ->
          choice(signed.choice()).signature = Optional.of(signed.signature());
      case AnswerEvent.CallStarted call -> choice(call.choice()).calls.add(new CallBuilder(call));
      case AnswerEvent.CallArguments more ->
          choice(more.choice()).calls.get(more.call()).arguments.append(more.json());
      case AnswerEvent.ChoiceFinished end -> {
        choice(end.choice()).reason = end.reason();
        choice(end.choice()).stopText = end.stopText();
      }
      case AnswerEvent.Counted counted -> usage = counted.usage();
      case AnswerEvent.Finished end -> usage = end.usage();
      case AnswerEvent.Failed _ -> {}
    }
  }

  /** The answer so far. */
  public Answer toAnswer() {
    return new Answer(head, choices.stream().map(ChoiceBuilder::toChoice).toList(), usage);
  }

  private ChoiceBuilder choice(int index) {
    while (choices.size() <= index) {
      choices.add(new ChoiceBuilder());
    }
    return choices.get(index);
  }

  private static final class ChoiceBuilder {
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final List<CallBuilder> calls = new ArrayList<>();
    private Optional<String> signature = Optional.empty();
    private Optional<String> stopText = Optional.empty();
    private FinishReason reason = FinishReason.STOP;

    Answer.Choice toChoice() {
      return new Answer.Choice(
          reasoning.toString(),
          text.toString(),
          calls.stream().map(CallBuilder::toCall).toList(),
          logprobs,
          reason,
          stopText,
          signature);
    }
  }

  private static final class CallBuilder {
    private final AnswerEvent.CallStarted start;
    private final StringBuilder arguments = new StringBuilder();

    CallBuilder(AnswerEvent.CallStarted start) {
      this.start = start;
    }

    ToolCall toCall() {
      return new ToolCall(start.id(), start.name(), arguments.toString());
    }
  }
}
