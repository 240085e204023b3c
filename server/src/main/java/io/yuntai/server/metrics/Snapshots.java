package io.yuntai.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Snapshots of numbers that are kept elsewhere. */
final class Snapshots {
  private Snapshots() {}

  /** One number that goes up and down. */
  static MetricSnapshot gauge(String name, String help, Number value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value.doubleValue()).build())
        .build();
  }

  /** One number for each value of a label. */
  static MetricSnapshot gauge(
      String name, String help, String label, Map<String, ? extends Number> values) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    values.forEach((of, value) ->
        gauge.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(Labels.of(label, of))
                .value(value.doubleValue())
                .build()));
    return gauge.build();
  }

  /** One number that only grows. */
  static MetricSnapshot counter(String name, String help, Number value) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value(value.doubleValue()).build())
        .build();
  }

  /** Numbers that only grow, each with its labels. */
  static MetricSnapshot counter(String name, String help, Map<Labels, LongAdder> values) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    values.forEach((labels, value) ->
        counter.dataPoint(
            CounterDataPointSnapshot.builder().labels(labels).value((double) value.sum()).build()));
    return counter.build();
  }
}
