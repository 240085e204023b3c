package io.yuntai.server.gateway;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** A choice put together from its events. */
final class WholeChoice {
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private final List<AnswerEvent.CallStarted> calls = new ArrayList<>();
  private final List<StringBuilder> arguments = new ArrayList<>();
  private FinishReason reason = FinishReason.STOP;

  /** The choice of this index; choices before it that have not begun are empty. */
  static WholeChoice at(List<WholeChoice> choices, int index) {
    while (choices.size() <= index) {
      choices.add(new WholeChoice());
    }
    return choices.get(index);
  }

  void add(AnswerEvent.Delta delta) {
    text.append(delta.text());
    logprobs.addAll(delta.logprobs());
  }

  void add(AnswerEvent.Reasoning more) {
    reasoning.append(more.text());
  }

  void add(AnswerEvent.CallStarted call) {
    calls.add(call);
    arguments.add(new StringBuilder());
  }

  void add(AnswerEvent.CallArguments more) {
    arguments.get(more.call()).append(more.json());
  }

  void finish(AnswerEvent.ChoiceFinished end) {
    reason = end.reason();
  }

  Answer.Choice toChoice() {
    List<ToolCall> made = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      made.add(new ToolCall(calls.get(i).id(), calls.get(i).name(), arguments.get(i).toString()));
    }
    return new Answer.Choice(reasoning.toString(), text.toString(), made, logprobs, reason);
  }
}
