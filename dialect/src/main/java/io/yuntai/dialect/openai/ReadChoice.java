package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.openai.ChoicePiece.CallPiece;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.util.function.Consumer;

/** How far one choice of an upstream's answer has come. */
final class ReadChoice {
  private final int index;
  private boolean started;
  private boolean finished;
  private int call = -1;
  private long upstreamCall = -1;

  ReadChoice(int index) {
    this.index = index;
  }

  boolean finished() {
    return finished;
  }

  /** What a piece adds, as events. */
  void take(ChoicePiece piece, Consumer<AnswerEvent> sink) throws ApiException {
    if (finished) {
      return; // some servers repeat the end in the piece that carries the usage
    }
    if (!started) {
      started = true;
      sink.accept(new AnswerEvent.Started(index));
    }
    if (!piece.reasoning.isEmpty()) {
      sink.accept(new AnswerEvent.Reasoning(index, piece.reasoning));
    }
    if (!piece.text.isEmpty() || !piece.logprobs.isEmpty()) {
      sink.accept(new AnswerEvent.Delta(index, piece.text, piece.logprobs));
    }
    for (CallPiece more : piece.calls) {
      take(more, sink);
    }
    if (!piece.finishReason.isEmpty()) {
      finished = true;
      FinishReason reason = OpenAiAnswerReader.reason(piece.finishReason);
      // Some servers say "stop" after calls.
      boolean called = reason == FinishReason.STOP && call >= 0;
      sink.accept(new AnswerEvent.ChoiceFinished(index, called ? FinishReason.TOOL_CALLS : reason));
    }
  }

  private void take(CallPiece more, Consumer<AnswerEvent> sink) throws ApiException {
    boolean begins =
        call < 0 || (more.index() < 0 ? !more.name().isEmpty() : more.index() != upstreamCall);
    if (begins) {
      if (more.name().isEmpty()) {
        throw UpstreamJson.broken("a call of a tool has no name");
      }
      call++;
      upstreamCall = more.index();
      String id = more.id().isEmpty() ? "call_" + index + "_" + call : more.id();
      sink.accept(new AnswerEvent.CallStarted(index, call, id, more.name()));
    }
    if (!more.arguments().isEmpty()) {
      sink.accept(new AnswerEvent.CallArguments(index, call, more.arguments()));
    }
  }
}
