package io.yuntai.server.telemetry;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins timelines of requests, and tells their ends. Safe for use by many threads. */
public final class Telemetry {
  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

  /** Nobody is told anything. */
  public static final Telemetry NONE = new Telemetry(List.of(), 0, new SecureRandom());

  private final List<RequestSink> sinks;
  private final double sampled;
  private final RandomGenerator random;
  private final LongPredicate keepsTexts;

  /**
   * @param sinks are told of each request that has ended
   * @param sampled which share of the requests that come without a trace begins one: 0 for none, 1
   *     for each; a request that comes with one that is recorded goes on with it, unless this is 0
   * @param random source of ids; safe for use by many threads
   */
  public Telemetry(List<RequestSink> sinks, double sampled, RandomGenerator random) {
    this(sinks, sampled, random, _ -> false);
  }

  /**
   * The same, where texts may be kept.
   *
   * @param keepsTexts whether an organisation wants its texts kept; asked for each request, quick
   */
  public Telemetry(
      List<RequestSink> sinks, double sampled, RandomGenerator random, LongPredicate keepsTexts) {
    this.keepsTexts = keepsTexts;
    this.sinks = List.copyOf(sinks);
    this.sampled = sampled;
    this.random = random;
  }

  /**
   * A request begins.
   *
   * @param path tells which API it speaks
   * @param client what the program calls itself; empty where it doesn't
   * @param traceparent the header; empty where there is none
   */
  public RequestTimeline begin(String requestId, String path, String client, String traceparent) {
    Optional<TraceContext> parent =
        traceparent.isEmpty() ? Optional.empty() : TraceContext.parse(traceparent);
    return new RequestTimeline(
        this, requestId, Dialects.ofPath(path), client, parent, trace(parent));
  }

  /** A request of a batch begins. */
  public RequestTimeline beginLine(String requestId) {
    return new RequestTimeline(
        this, requestId, "batch", "", Optional.empty(), trace(Optional.empty()));
  }

  /** Whoever began a trace decides whether it is recorded. */
  private Optional<TraceContext> trace(Optional<TraceContext> parent) {
    if (sampled == 0) {
      return Optional.empty();
    }
    if (parent.isPresent()) {
      return parent.get().sampled() ? Optional.of(parent.get().child(random)) : Optional.empty();
    }
    return sampled == 1 || random.nextDouble() < sampled
        ? Optional.of(TraceContext.fresh(random, true))
        : Optional.empty();
  }

  boolean keepsTextsOf(long orgId) {
    return keepsTexts.test(orgId);
  }

  TraceContext child(TraceContext of) {
    return of.child(random);
  }

  void ended(RequestTimeline request) {
    for (RequestSink sink : sinks) {
      try {
        sink.ended(request);
      } catch (RuntimeException e) {
        LOG.warn("{} can't be told of", request.requestId(), e);
      }
    }
  }
}
