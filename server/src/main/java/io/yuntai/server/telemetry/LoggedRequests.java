package io.yuntai.server.telemetry;

import io.yuntai.dialect.Usage;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.node.OpenRequest;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.LoggedRequest.Asked;
import io.yuntai.ledger.requests.LoggedRequest.Attempt;
import io.yuntai.ledger.requests.LoggedRequest.Cost;
import io.yuntai.ledger.requests.LoggedRequest.Outcome;
import io.yuntai.ledger.requests.LoggedRequest.Served;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.server.telemetry.RequestTimeline.RouteAttempt;
import java.util.List;
import java.util.Optional;

/** Timelines as rows of the log. */
final class LoggedRequests {
  private static final long NEVER = RequestTimeline.NEVER;

  private LoggedRequests() {}

  static LoggedRequest of(RequestTimeline request) {
    Optional<UsageRecord> charged = request.admitted().flatMap(OpenRequest::settled);
    return new LoggedRequest(
        request.requestId(),
        request.at(),
        request.asker(),
        new Asked(
            request.dialect(),
            request.operation(),
            request.model(),
            request.streamed(),
            request.trace().or(request::parent).map(TraceContext::traceId).orElse("")),
        served(request),
        stages(request),
        charged.map(UsageRecord::tokens).orElseGet(() -> tokens(request)),
        new Outcome(request.status(), request.errorCode(), request.finish()),
        cost(request, charged));
  }

  private static Served served(RequestTimeline request) {
    List<RouteAttempt> attempts = request.attempts();
    return new Served(
        request.served(),
        request.route(),
        attempts.isEmpty() ? "" : attempts.getLast().target(),
        attempts.stream()
            .map(attempt ->
                new Attempt(
                    attempt.target(),
                    attempt.outcome(),
                    (attempt.endNanos(request.endNanos()) - attempt.startNanos()) / 1000))
            .toList());
  }

  static Stages stages(RequestTimeline request) {
    long start = request.startNanos();
    long held = endOf(request, Stage.HOLD);
    long prepared = request.happened(Stage.HOLD) ? request.startOf(Stage.HOLD) : NEVER;
    long first = request.firstTokenNanos();
    long queued = request.queuedNanos() == NEVER ? 0 : request.queuedNanos();
    long asked = held == NEVER ? start : held;
    return new Stages(
        micros(request, Stage.AUTH),
        between(endOf(request, Stage.AUTH), prepared),
        micros(request, Stage.HOLD),
        request.queuedNanos() == NEVER ? Stages.NONE : queued / 1000,
        first == NEVER ? Stages.NONE : Math.max(0, first - asked - queued) / 1000,
        between(start, first),
        between(first, request.lastTokenNanos()),
        micros(request, Stage.SETTLE),
        between(start, request.endNanos()));
  }

  private static long micros(RequestTimeline request, Stage stage) {
    return request.happened(stage) ? request.nanosOf(stage) / 1000 : Stages.NONE;
  }

  private static long endOf(RequestTimeline request, Stage stage) {
    return request.happened(stage) ? request.startOf(stage) + request.nanosOf(stage) : NEVER;
  }

  private static long between(long from, long to) {
    return from == NEVER || to == NEVER ? Stages.NONE : Math.max(0, to - from) / 1000;
  }

  private static MeteredTokens tokens(RequestTimeline request) {
    if (request.admitted().isPresent() || request.usage().isEmpty()) {
      return MeteredTokens.NONE; // what was not charged was not received
    }
    Usage usage = request.usage().get();
    int cached = bounded(usage.cachedPromptTokens());
    int thoughts = bounded(usage.reasoningTokens());
    return new MeteredTokens(
        bounded(usage.promptTokens() - cached),
        cached,
        0,
        bounded(usage.completionTokens() - thoughts),
        thoughts);
  }

  private static int bounded(long tokens) {
    return Math.clamp(tokens, 0, MeteredTokens.MAX_COUNT);
  }

  private static Cost cost(RequestTimeline request, Optional<UsageRecord> charged) {
    if (request.admitted().isEmpty()) {
      return Cost.NONE;
    }
    return charged
        .map(record ->
            new Cost(
                record.requestId(), record.rateCardId(), record.amountNano(), record.residuePico()))
        .orElseGet(() -> new Cost(request.admitted().get().id(), 0, 0, 0));
  }
}
