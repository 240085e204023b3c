package io.yuntai.server.routes;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.upstream.UpstreamException;
import io.yuntai.server.upstream.UpstreamException.Kind;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer of whichever target gives one. Targets are asked by the thread that reads, when it
 * reads. Nothing is handed out before the first token, so that until then another target can begin
 * anew; from then on a failure ends the answer.
 */
final class RoutedAnswer implements RunningAnswer {
  private final AnswerHead head;
  private final Attempts<Attempt> attempts;
  private final Queue<AnswerEvent> ready = new ArrayDeque<>();
  private final Consumer<AnswerEvent> sink = this::take;

  /** Written by the reading thread, cancelled by others. */
  private volatile @Nullable Attempt attempt;

  private boolean begun;
  private volatile boolean cancelled;
  private volatile boolean stopping;

  RoutedAnswer(AnswerHead head, Attempts<Attempt> attempts) {
    this.head = head;
    this.attempts = attempts;
  }

  @Override
  public AnswerHead head() {
    return head;
  }

  @Override
  public AnswerEvent next() throws InterruptedException {
    while (ready.isEmpty() || !begun) {
      advance();
    }
    return ready.remove();
  }

  @Override
  public boolean hasReady() {
    return begun && !ready.isEmpty();
  }

  private void advance() throws InterruptedException {
    try {
      Attempt current = attempt;
      if (current == null) {
        current = attempts.next();
        attempt = current;
        if (cancelled) {
          current.cancel(); // before it was known here
        }
      }
      current.read(sink);
    } catch (UpstreamException e) {
      failed(e);
    } catch (ApiException e) {
      fail(e.error());
    }
  }

  private void failed(UpstreamException e) {
    Attempt failed = attempt;
    if (failed == null) {
      throw new IllegalStateException("no attempt was made", e);
    }
    if (cancelled) {
      fail(
          stopping
              ? ApiError.unavailable(
                  "server_stopping",
                  "The server is stopping; the answer ends here. Ask again later.",
                  5)
              : e.error());
    } else if (begun || e.kind() == Kind.REQUEST_REFUSED) {
      fail(e.error());
    } else {
      ready.clear();
      attempts.failed(failed.label(), e);
      failed.close();
      attempt = null;
    }
  }

  private void take(AnswerEvent event) {
    ready.add(event);
    Attempt current = attempt;
    if (current == null) {
      throw new IllegalStateException("nobody answers");
    }
    switch (event) {
      case AnswerEvent.Started _, AnswerEvent.Counted _ -> {}
      case AnswerEvent.Finished finished -> {
        begin(current);
        current.succeeded(finished.usage());
      }
      default -> begin(current);
    }
  }

  private void begin(Attempt current) {
    if (!begun) {
      begun = true;
      current.began();
    }
  }

  private void fail(ApiError error) {
    ready.add(new AnswerEvent.Failed(error));
    begun = true;
  }

  @Override
  public void cancel() {
    cancelled = true;
    Attempt current = attempt;
    if (current != null) {
      current.cancel();
    }
  }

  /** Its last event says that the server is stopping. */
  @Override
  public void tellStopping() {
    stopping = true;
    cancel();
  }

  @Override
  public void close() {
    Attempt current = attempt;
    if (current != null) {
      current.close();
    }
  }
}
