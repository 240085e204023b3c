package io.yuntai.server.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Knows some of this server's metrics. Safe for use by many threads. */
@FunctionalInterface
public interface MetricSource {
  /** Adds them as they are now. */
  void addTo(MetricSnapshots.Builder all);
}
