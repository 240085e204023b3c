package io.yuntai.server.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.server.telemetry.RequestMoments;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What requests did: how many, how long, how they ended. A model that only requests name has no
 * series of its own, so nobody can make more of them than there are models and routes.
 */
public final class RequestMetrics implements MetricSource, RequestMoments {
  private static final double[] SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300
  };
  private static final double[] FINE_SECONDS = {
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5
  };
  private static final double[] TOKEN_SECONDS = {
    0.001, 0.002_5, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5
  };

  /** More models than a server has; beyond, all others share a series. */
  private static final int MAX_MODELS = 500;

  private static final Set<String> BUDGET_CODES =
      Set.of("insufficient_quota", "rate_limit_exceeded", "budget_unavailable");

  private final Map<Labels, LongAdder> http = new ConcurrentHashMap<>();
  private final Map<Labels, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<Labels, LongAdder> refusedByBudget = new ConcurrentHashMap<>();
  private final Map<Labels, LongAdder> tokens = new ConcurrentHashMap<>();
  private final Map<String, Labels> models = new ConcurrentHashMap<>();
  private final Histogram httpSeconds =
      new Histogram(
          "yuntai_http_request_seconds", "Time from a request to its last byte.", SECONDS);
  private final Histogram total =
      new Histogram(
          "yuntai_request_seconds",
          "Time from a request for an answer to its end, by model.",
          SECONDS);
  private final Histogram first =
      new Histogram(
          "yuntai_time_to_first_token_seconds",
          "Time from a request to its first token, by model.",
          SECONDS);
  private final Histogram perToken =
      new Histogram(
          "yuntai_time_per_output_token_seconds",
          "Time from one token of an answer to the next, the mean of each answer, by model.",
          TOKEN_SECONDS);
  private final Histogram queue =
      new Histogram(
          "yuntai_queue_seconds", "Time that requests wait for a place in an engine.", SECONDS);
  private final Histogram auth =
      new Histogram("yuntai_auth_seconds", "Time to find out who asks.", FINE_SECONDS);
  private final Histogram hold =
      new Histogram(
          "yuntai_budget_hold_seconds",
          "Time to ask the budgets and hold what an answer may cost.",
          FINE_SECONDS);
  private final Histogram settle =
      new Histogram(
          "yuntai_settle_seconds",
          "Time until what an answer cost is written down safely.",
          FINE_SECONDS);

  @Override
  public void answered(int status, long micros) {
    count(http, Labels.of("status", Integer.toString(status)));
    httpSeconds.took(Labels.EMPTY, micros);
  }

  @Override
  public void ended(LoggedRequest request) {
    Labels model = model(request);
    count(requests, model.merge(Labels.of("outcome", outcome(request))));
    Stages stages = request.stages();
    total.took(model, stages.total());
    took(first, model, stages.firstToken());
    took(queue, model, stages.queue());
    took(auth, Labels.EMPTY, stages.auth());
    took(hold, Labels.EMPTY, stages.hold());
    took(settle, Labels.EMPTY, stages.settle());
    MeteredTokens used = request.tokens();
    if (stages.decode() > 0 && used.generated() > 1) {
      perToken.took(model, stages.decode() / (used.generated() - 1));
    }
    count(model, "input", used.input());
    count(model, "cache_hit", used.cacheHit());
    count(model, "cache_write", used.cacheWrite());
    count(model, "output", used.output());
    count(model, "reasoning", used.reasoning());
    if (BUDGET_CODES.contains(request.outcome().errorCode())) {
      count(refusedByBudget, Labels.of("code", request.outcome().errorCode()));
    }
  }

  private Labels model(LoggedRequest request) {
    boolean known = !request.served().model().isEmpty() || !request.served().route().isEmpty();
    String name = known ? request.asked().model() : "";
    Labels labels = models.get(name);
    if (labels != null) {
      return labels;
    }
    return models.size() >= MAX_MODELS
        ? Labels.of("model", "other")
        : models.computeIfAbsent(name, of -> Labels.of("model", of));
  }

  private static String outcome(LoggedRequest request) {
    int status = request.outcome().status();
    if (status == 499) {
      return "client_left";
    }
    if (BUDGET_CODES.contains(request.outcome().errorCode())) {
      return "budget";
    }
    if (status >= 400 && status < 500) {
      return "refused";
    }
    return status >= 500 || !request.outcome().errorCode().isEmpty() ? "failed" : "ok";
  }

  private static void took(Histogram histogram, Labels labels, long micros) {
    if (micros != Stages.NONE) {
      histogram.took(labels, micros);
    }
  }

  private static void count(Map<Labels, LongAdder> counts, Labels labels) {
    counts.computeIfAbsent(labels, _ -> new LongAdder()).increment();
  }

  private void count(Labels model, String kind, long used) {
    if (used > 0) {
      tokens.computeIfAbsent(model.merge(Labels.of("kind", kind)), _ -> new LongAdder()).add(used);
    }
  }

  @Override
  public void addTo(MetricSnapshots.Builder all) {
    all.metricSnapshot(
        Snapshots.counter("yuntai_http_requests", "HTTP requests that were answered.", http));
    all.metricSnapshot(httpSeconds.snapshot());
    all.metricSnapshot(
        Snapshots.counter(
            "yuntai_requests",
            "Requests for answers that have ended: ok, failed, refused, budget, client_left.",
            requests));
    all.metricSnapshot(
        Snapshots.counter(
            "yuntai_budget_refusals", "Requests that budgets did not let in.", refusedByBudget));
    all.metricSnapshot(
        Snapshots.counter(
            "yuntai_metered_tokens", "Tokens that requests were charged, by kind.", tokens));
    for (Histogram each : new Histogram[] {total, first, perToken, queue, auth, hold, settle}) {
      all.metricSnapshot(each.snapshot());
    }
  }
}
