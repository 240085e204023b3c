package io.yuntai.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How long things took, in fixed buckets, by labels. Telling it takes no lock. */
final class Histogram {
  private final String name;
  private final String help;
  private final double[] bounds;
  private final Map<Labels, Series> series = new ConcurrentHashMap<>();

  private static final class Series {
    private final LongAdder[] counts;
    private final LongAdder sumMicros = new LongAdder();

    Series(int buckets) {
      counts = new LongAdder[buckets];
      for (int i = 0; i < buckets; i++) {
        counts[i] = new LongAdder();
      }
    }
  }

  /**
   * @param bounds upper bounds of all buckets but the last, in seconds, ascending
   */
  Histogram(String name, String help, double... bounds) {
    this.name = name;
    this.help = help;
    this.bounds = bounds.clone();
  }

  /** Something took so long. Whoever calls bounds how many labels there are. */
  void took(Labels labels, long micros) {
    Series of = series.computeIfAbsent(labels, _ -> new Series(bounds.length + 1));
    int bucket = 0;
    while (bucket < bounds.length && micros > bounds[bucket] * 1e6) {
      bucket++;
    }
    of.counts[bucket].increment();
    of.sumMicros.add(micros);
  }

  MetricSnapshot snapshot() {
    HistogramSnapshot.Builder histogram = HistogramSnapshot.builder().name(name).help(help);
    series.forEach((labels, of) -> {
      double[] upper = Arrays.copyOf(bounds, bounds.length + 1);
      upper[bounds.length] = Double.POSITIVE_INFINITY;
      long[] counts = Arrays.stream(of.counts).mapToLong(LongAdder::sum).toArray();
      histogram.dataPoint(
          HistogramDataPointSnapshot.builder()
              .labels(labels)
              .classicHistogramBuckets(ClassicHistogramBuckets.of(upper, counts))
              .sum(of.sumMicros.sum() / 1e6)
              .build());
    });
    return histogram.build();
  }
}
