package io.yuntai.dialect.responses;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ToolCall;
import java.util.List;

/** Whole answers to response objects: what their streams would have ended with. */
public final class WholeResponses {
  private WholeResponses() {}

  /**
   * The response object of an answer.
   *
   * @param stream a new one
   */
  public static ResponseObject of(ResponseStream stream, Answer answer) {
    Answer.Choice choice = answer.choices().getFirst();
    if (!choice.reasoning().isEmpty()) {
      stream.encode(new AnswerEvent.Reasoning(0, choice.reasoning()));
    }
    if (!choice.text().isEmpty()) {
      stream.encode(new AnswerEvent.Delta(0, choice.text(), choice.logprobs()));
    }
    List<ToolCall> calls = choice.toolCalls();
    for (int i = 0; i < calls.size(); i++) {
      stream.encode(new AnswerEvent.CallStarted(0, i, calls.get(i).id(), calls.get(i).name()));
      stream.encode(new AnswerEvent.CallArguments(0, i, calls.get(i).arguments()));
    }
    stream.encode(new AnswerEvent.ChoiceFinished(0, choice.finishReason(), choice.stopText()));
    stream.encode(new AnswerEvent.Finished(answer.usage()));
    return stream.response();
  }
}
