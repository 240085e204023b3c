package io.yuntai.server.routes;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.Usage;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.upstream.UpstreamException;
import io.yuntai.server.upstream.UpstreamException.Kind;
import io.yuntai.server.upstream.UpstreamReply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One target's work on a request. It ends once: well, with a failure, or given up. For one reading
 * thread; {@link #cancel} may come from any.
 */
final class Attempt implements AutoCloseable {
  private final TargetState target;
  private final long permit;
  private final Source source;
  private final long startNanos = System.nanoTime();
  private final RequestTimeline.RouteAttempt told;
  private boolean ended;

  /** Who answers. */
  private sealed interface Source {
    record Remote(UpstreamReply reply) implements Source {}

    record Local(RunningAnswer answer) implements Source {}
  }

  private Attempt(
      TargetState target, long permit, Source source, RequestTimeline.RouteAttempt told) {
    this.target = target;
    this.permit = permit;
    this.source = source;
    this.told = told;
  }

  /**
   * Begins the work.
   *
   * @param permit of the target's breaker; taken back when this fails
   * @param request its model is the target's own name for it
   * @throws UpstreamException when a model of ours does not take it
   * @throws ApiException when the upstream's API has no word for it
   */
  static Attempt begin(
      TargetState target, long permit, ModelRequest request, Principal asker, Routing.Here here)
      throws UpstreamException, ApiException {
    RequestTimeline.RouteAttempt told = RequestTimeline.current().attempts(target.label());
    @Nullable LiveUpstream upstream = target.upstream();
    if (upstream != null) {
      try {
        return new Attempt(
            target, permit, new Source.Remote(upstream.upstream().prepare(request)), told);
      } catch (ApiException e) {
        told.ended("unsupported");
        target.released(permit, "unsupported");
        throw e;
      }
    }
    try {
      return new Attempt(target, permit, new Source.Local(here.start(request, asker)), told);
    } catch (ApiException e) {
      UpstreamException failure = failure(e.error());
      told.ended(failure.kind().name());
      target.failed(permit, failure, System.nanoTime());
      throw failure;
    }
  }

  /** Waits for more of the answer and tells it. */
  void read(Consumer<AnswerEvent> sink) throws UpstreamException, InterruptedException {
    try {
      switch (source) {
        case Source.Remote remote -> {
          boolean ignored = remote.reply().read(sink);
        }
        case Source.Local local -> {
          do {
            AnswerEvent event = local.answer().next();
            if (event instanceof AnswerEvent.Failed failed) {
              throw failure(failed.error());
            }
            sink.accept(event);
            if (event instanceof AnswerEvent.Finished) {
              return;
            }
          } while (local.answer().hasReady());
        }
      }
    } catch (UpstreamException e) {
      if (!ended) {
        ended = true;
        told.ended(e.kind().name());
        target.failed(permit, e, System.nanoTime());
      }
      throw e;
    }
  }

  /** The first token came. */
  void began() {
    target.began(System.nanoTime() - startNanos);
  }

  /** The answer is complete. */
  void succeeded(Usage usage) {
    ended = true;
    told.ended("ok");
    target.succeeded(permit, usage);
  }

  void cancel() {
    switch (source) {
      case Source.Remote remote -> remote.reply().cancel();
      case Source.Local local -> local.answer().cancel();
    }
  }

  String label() {
    return target.label();
  }

  @Override
  public void close() {
    switch (source) {
      case Source.Remote remote -> remote.reply().close();
      case Source.Local local -> local.answer().close();
    }
    if (!ended) {
      ended = true;
      told.ended("cancelled");
      target.released(permit, "cancelled");
    }
  }

  /** A failure of a model of ours, seen as that of a target. */
  static UpstreamException failure(ApiError error) {
    Kind kind =
        switch (error.status()) {
          case 404 -> Kind.MISCONFIGURED;
          case 429 -> Kind.LIMITED;
          default -> error.status() < 500 ? Kind.REQUEST_REFUSED : Kind.FAILED;
        };
    return new UpstreamException(kind, error);
  }
}
