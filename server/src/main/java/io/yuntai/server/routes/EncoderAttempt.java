package io.yuntai.server.routes;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.server.gateway.EncoderGateway.Pending;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.upstream.EncoderReply;
import io.yuntai.server.upstream.UpstreamException;
import org.jspecify.annotations.Nullable;

/**
 * One target's work on a request that generates nothing. It ends once: well, with a failure, or
 * given up. For one reading thread; {@link #cancel} may come from any.
 */
final class EncoderAttempt implements AutoCloseable {
  private final TargetState target;
  private final long permit;
  private final Source source;
  private final RequestTimeline.RouteAttempt told;
  private boolean ended;

  /** Who answers. */
  private sealed interface Source {
    record Remote(EncoderReply reply) implements Source {}

    record Local(Pending<? extends EncoderAnswer> pending) implements Source {}
  }

  private EncoderAttempt(
      TargetState target, long permit, Source source, RequestTimeline.RouteAttempt told) {
    this.target = target;
    this.permit = permit;
    this.source = source;
    this.told = told;
  }

  /** As {@link Attempt#begin}. */
  static EncoderAttempt begin(
      TargetState target,
      long permit,
      EncoderRequest request,
      Principal asker,
      Routing.Encoders here)
      throws UpstreamException, ApiException {
    RequestTimeline.RouteAttempt told = RequestTimeline.current().attempts(target.label());
    @Nullable LiveUpstream upstream = target.upstream();
    if (upstream != null) {
      try {
        EncoderReply reply = upstream.upstream().prepare(request);
        return new EncoderAttempt(target, permit, new Source.Remote(reply), told);
      } catch (ApiException e) {
        told.ended("unsupported");
        target.released(permit, "unsupported");
        throw e;
      }
    }
    try {
      return new EncoderAttempt(target, permit, new Source.Local(here.start(request, asker)), told);
    } catch (ApiException e) {
      UpstreamException failure = Attempt.failure(e.error());
      told.ended(failure.kind().name());
      target.failed(permit, failure, System.nanoTime());
      throw failure;
    }
  }

  /** Waits for the answer. */
  EncoderAnswer answer() throws UpstreamException, InterruptedException {
    try {
      EncoderAnswer answer =
          switch (source) {
            case Source.Remote remote -> remote.reply().read();
            case Source.Local local -> local(local.pending());
          };
      ended = true;
      told.ended("ok");
      target.succeeded(permit, answer.usage());
      return answer;
    } catch (UpstreamException e) {
      if (!ended) {
        ended = true;
        told.ended(e.kind().name());
        target.failed(permit, e, System.nanoTime());
      }
      throw e;
    }
  }

  private static EncoderAnswer local(Pending<? extends EncoderAnswer> pending)
      throws UpstreamException, InterruptedException {
    try {
      return pending.answer();
    } catch (ApiException e) {
      throw Attempt.failure(e.error());
    }
  }

  void cancel() {
    switch (source) {
      case Source.Remote remote -> remote.reply().cancel();
      case Source.Local local -> local.pending().cancel();
    }
  }

  String label() {
    return target.label();
  }

  @Override
  public void close() {
    switch (source) {
      case Source.Remote remote -> remote.reply().close();
      case Source.Local local -> local.pending().close();
    }
    if (!ended) {
      ended = true;
      told.ended("cancelled");
      target.released(permit, "cancelled");
    }
  }
}
