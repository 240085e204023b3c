package io.yuntai.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.yuntai.server.gateway.TargetStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the targets of routes do and have done. */
final class TargetMetrics {
  private record Measure(String name, String help, ToDoubleFunction<TargetStatistics> value) {}

  private static final List<Measure> GAUGES =
      List.of(
          new Measure(
              "yuntai_target_breaker",
              "Circuit breaker of a target: 0 closed, 1 half-open, 2 open.",
              TargetStatistics::breaker),
          new Measure(
              "yuntai_target_healthy",
              "0 while the probes of a target's upstream fail.",
              target -> target.healthy() ? 1 : 0),
          new Measure(
              "yuntai_target_requests_running",
              "Requests that a target answers now.",
              TargetStatistics::inFlight));

  private static final List<Measure> COUNTERS =
      List.of(
          new Measure(
              "yuntai_target_first_tokens",
              "Answers of a target that began.",
              TargetStatistics::firstTokens),
          new Measure(
              "yuntai_target_first_token_seconds",
              "Time from asking a target to its first token, over all answers that began.",
              TargetStatistics::firstTokenSeconds),
          new Measure(
              "yuntai_target_prompt_tokens",
              "Prompt tokens as the target counted them.",
              TargetStatistics::promptTokens),
          new Measure(
              "yuntai_target_completion_tokens",
              "Generated tokens as the target counted them.",
              TargetStatistics::completionTokens));

  private TargetMetrics() {}

  static void add(MetricSnapshots.Builder all, List<TargetStatistics> targets) {
    if (targets.isEmpty()) {
      return;
    }
    for (Measure measure : GAUGES) {
      GaugeSnapshot.Builder gauge =
          GaugeSnapshot.builder().name(measure.name()).help(measure.help());
      for (TargetStatistics target : targets) {
        gauge.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(Labels.of("target", target.target()))
                .value(measure.value().applyAsDouble(target))
                .build());
      }
      all.metricSnapshot(gauge.build());
    }
    for (Measure measure : COUNTERS) {
      CounterSnapshot.Builder counter =
          CounterSnapshot.builder().name(measure.name()).help(measure.help());
      for (TargetStatistics target : targets) {
        counter.dataPoint(
            point(Labels.of("target", target.target()), measure.value().applyAsDouble(target)));
      }
      all.metricSnapshot(counter.build());
    }
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("yuntai_target_requests")
            .help("Requests that a target was asked, by how they ended.");
    for (TargetStatistics target : targets) {
      target
          .outcomes()
          .forEach((outcome, count) ->
              requests.dataPoint(
                  point(Labels.of("target", target.target(), "outcome", outcome), count)));
    }
    all.metricSnapshot(requests.build());
  }

  private static CounterDataPointSnapshot point(Labels labels, double value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
