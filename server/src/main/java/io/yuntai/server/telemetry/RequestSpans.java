package io.yuntai.server.telemetry;

import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.server.telemetry.RequestTimeline.RouteAttempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A request's timeline as spans: itself, its stages, and the targets that were asked. */
final class RequestSpans {
  private final RequestTimeline request;
  private final TraceContext place;
  private final UnaryOperator<TraceContext> children;
  private final List<Span> spans = new ArrayList<>();

  private RequestSpans(
      RequestTimeline request, TraceContext place, UnaryOperator<TraceContext> children) {
    this.request = request;
    this.place = place;
    this.children = children;
  }

  /**
   * All of them, the request's own first.
   *
   * @param place the request's
   * @param children gives places to the pieces
   */
  static List<Span> of(
      RequestTimeline request, TraceContext place, UnaryOperator<TraceContext> children) {
    RequestSpans all = new RequestSpans(request, place, children);
    all.own();
    all.stages();
    request.attempts().forEach(all::attempt);
    return all.spans;
  }

  private void own() {
    LoggedRequest row = LoggedRequests.of(request);
    Map<String, Object> attributes = new LinkedHashMap<>();
    String operation = SpanNames.operation(request.operation());
    attributes.put(SpanNames.OPERATION, operation);
    attributes.put(SpanNames.PROVIDER, "yuntai");
    put(attributes, SpanNames.REQUEST_MODEL, row.asked().model());
    put(attributes, SpanNames.RESPONSE_MODEL, row.served().model());
    put(attributes, SpanNames.ROUTE, row.served().route());
    put(attributes, SpanNames.USER_AGENT, row.asker().client());
    put(attributes, SpanNames.ERROR, row.outcome().errorCode());
    attributes.put(SpanNames.STATUS, (long) row.outcome().status());
    attributes.put(SpanNames.REQUEST_ID, request.requestId());
    attributes.put(SpanNames.DIALECT, row.asked().dialect());
    attributes.put(SpanNames.STREAM, row.asked().streamed());
    attributes.put(SpanNames.INPUT_TOKENS, (long) row.tokens().inputLength());
    attributes.put(SpanNames.CACHED_TOKENS, (long) row.tokens().cacheHit());
    attributes.put(SpanNames.OUTPUT_TOKENS, (long) row.tokens().generated());
    if (!row.outcome().finish().isEmpty()) {
      attributes.put(SpanNames.FINISH_REASONS, List.of(row.outcome().finish()));
    }
    request
        .key()
        .map(ApiKey::owner)
        .ifPresent(owner -> {
          attributes.put(SpanNames.TENANT, owner.organisation());
          attributes.put(SpanNames.PROJECT, owner.project());
        });
    request.key().ifPresent(key -> attributes.put(SpanNames.KEY, key.id()));
    if (row.cost().usageId() != null) {
      attributes.put(SpanNames.USAGE_ID, row.cost().usageId().toString());
    }
    spans.add(
        new Span(
            place,
            request.parent().map(TraceContext::spanId),
            (operation + " " + row.asked().model()).strip(),
            Span.Kind.SERVER,
            epoch(request.startNanos()),
            epoch(request.endNanos()),
            attributes,
            row.outcome().errorCode()));
  }

  private static void put(Map<String, Object> attributes, String name, String value) {
    if (!value.isEmpty()) {
      attributes.put(name, value);
    }
  }

  private void stages() {
    for (Stage stage : List.of(Stage.AUTH, Stage.HOLD, Stage.SETTLE)) {
      if (request.happened(stage)) {
        long start = request.startOf(stage);
        stage(
            stage.name().toLowerCase(java.util.Locale.ROOT), start, start + request.nanosOf(stage));
      }
    }
    long first = request.firstTokenNanos();
    Stages micros = LoggedRequests.stages(request);
    if (micros.queue() != Stages.NONE && request.submittedNanos() != RequestTimeline.NEVER) {
      long from = request.submittedNanos();
      stage("queue", from, from + micros.queue() * 1000);
    }
    if (first != RequestTimeline.NEVER) {
      stage("prefill", first - micros.prefill() * 1000, first);
      stage("decode", first, request.lastTokenNanos());
    }
  }

  private void stage(String name, long startNanos, long endNanos) {
    spans.add(
        new Span(
            children.apply(place),
            Optional.of(place.spanId()),
            name,
            Span.Kind.INTERNAL,
            epoch(startNanos),
            epoch(endNanos),
            Map.of(),
            ""));
  }

  private void attempt(RouteAttempt attempt) {
    boolean well = attempt.outcome().equals("ok");
    spans.add(
        new Span(
            attempt.trace().orElseGet(() -> children.apply(place)),
            Optional.of(place.spanId()),
            "ask " + attempt.target(),
            Span.Kind.CLIENT,
            epoch(attempt.startNanos()),
            epoch(attempt.endNanos(request.endNanos())),
            Map.of(SpanNames.TARGET, attempt.target(), SpanNames.OUTCOME, attempt.outcome()),
            well ? "" : attempt.outcome()));
  }

  private long epoch(long nanos) {
    Instant at = request.at();
    return at.getEpochSecond() * 1_000_000_000L + at.getNano() + nanos - request.startNanos();
  }
}
