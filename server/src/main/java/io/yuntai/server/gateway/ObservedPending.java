package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.server.gateway.EncoderGateway.Pending;
import io.yuntai.server.telemetry.RequestTimeline;

/** Vectors or an order of documents, whose moments are told to the request's timeline. */
final class ObservedPending<A extends EncoderAnswer> implements Pending<A> {
  private final Pending<A> inner;
  private final RequestTimeline timeline;
  private boolean closed;

  /** Holds the timeline until it is closed. */
  ObservedPending(Pending<A> inner, RequestTimeline timeline) {
    this.inner = inner;
    this.timeline = timeline;
    timeline.hold();
  }

  @Override
  public A answer() throws InterruptedException, ApiException {
    try {
      A answer = timeline.<A, InterruptedException, ApiException>within(inner::answer);
      timeline.used(answer.usage());
      timeline.finished("done");
      return answer;
    } catch (ApiException e) {
      timeline.failed(e.error());
      throw e;
    }
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
    inner.close();
    if (!closed) {
      closed = true;
      timeline.close();
    }
  }
}
