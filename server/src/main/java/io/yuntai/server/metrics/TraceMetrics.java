package io.yuntai.server.metrics;

import static io.yuntai.server.metrics.Snapshots.counter;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.yuntai.server.telemetry.TraceExporter;

/**
 * How the sending of traces goes.
 *
 * @param exporter sends them
 */
public record TraceMetrics(TraceExporter exporter) implements MetricSource {
  @Override
  public void addTo(MetricSnapshots.Builder all) {
    all.metricSnapshot(
        counter("yuntai_spans_exported", "Spans that the collector took.", exporter.exported()));
    all.metricSnapshot(
        counter("yuntai_spans_dropped", "Spans that were left out.", exporter.dropped()));
  }
}
