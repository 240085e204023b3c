package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.server.telemetry.RequestTimeline;
import java.util.Optional;

/**
 * An answer whose moments are told to its request's timeline, whichever thread reads it. For one
 * reading thread, as the answer itself.
 */
final class ObservedAnswer implements RunningAnswer {
  private final RunningAnswer inner;
  private final RequestTimeline timeline;
  private boolean closed;

  /** Holds the timeline until it is closed. */
  ObservedAnswer(RunningAnswer inner, ModelRequest request, RequestTimeline timeline) {
    this.inner = inner;
    this.timeline = timeline;
    timeline.hold();
    timeline.opened(request);
  }

  @Override
  public AnswerEvent next() throws InterruptedException {
    AnswerEvent event = timeline.within(inner::next);
    timeline.said(event);
    switch (event) {
      case AnswerEvent.Delta _,
          AnswerEvent.Reasoning _,
          AnswerEvent.CallStarted _,
          AnswerEvent.CallArguments _ ->
          timeline.token();
      case AnswerEvent.Counted(var usage) -> {
        timeline.used(usage);
        if (usage.completionTokens() > 0) {
          timeline.token();
        }
      }
      case AnswerEvent.ChoiceFinished done -> timeline.finished(done.reason().name());
      case AnswerEvent.Finished(var usage) -> {
        timeline.used(usage);
        inner.stopNote().ifPresent(timeline::finished);
      }
      case AnswerEvent.Failed(var error) -> timeline.failed(error);
      case AnswerEvent.Started _, AnswerEvent.ReasoningSigned _ -> {}
    }
    return event;
  }

  @Override
  public AnswerHead head() {
    return inner.head();
  }

  @Override
  public boolean hasReady() {
    return inner.hasReady();
  }

  @Override
  public Optional<PromptProgress> progress() {
    return inner.progress();
  }

  @Override
  public Optional<String> stopNote() {
    return inner.stopNote();
  }

  @Override
  public Optional<Charged> charged() {
    return inner.charged();
  }

  @Override
  public long cancelledCachedTokens() {
    return inner.cancelledCachedTokens();
  }

  @Override
  public void cancel() {
    inner.cancel();
  }

  @Override
  public void tellStopping() {
    inner.tellStopping();
  }

  @Override
  public void close() {
    boolean ended =
        timeline.within(() -> {
          inner.close();
          return true;
        });
    if (ended && !closed) {
      closed = true;
      timeline.close();
    }
  }
}
