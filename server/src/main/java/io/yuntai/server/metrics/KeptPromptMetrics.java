package io.yuntai.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.yuntai.engine.prefix.PrefixDisk;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What long prompts on disk take and spare. */
final class KeptPromptMetrics {
  private record Measure(String name, String help, ToDoubleFunction<PrefixDisk.Statistics> value) {}

  private static final List<Measure> GAUGES =
      List.of(
          new Measure(
              "yuntai_kept_prompt_blocks",
              "KV blocks of long prompts on disk.",
              PrefixDisk.Statistics::blocks),
          new Measure("yuntai_kept_prompt_bytes", "Bytes of these.", PrefixDisk.Statistics::bytes),
          new Measure(
              "yuntai_kept_prompt_limit_bytes",
              "The most that these may be.",
              PrefixDisk.Statistics::bytesMax));

  private static final List<Measure> COUNTERS =
      List.of(
          new Measure(
              "yuntai_kept_prompt_hits",
              "Long prompts of which something was found on disk.",
              PrefixDisk.Statistics::hits),
          new Measure(
              "yuntai_kept_prompt_misses",
              "Long prompts of which nothing was found on disk.",
              PrefixDisk.Statistics::misses),
          new Measure(
              "yuntai_kept_prompt_read_blocks",
              "Blocks read from disk.",
              PrefixDisk.Statistics::read),
          new Measure(
              "yuntai_kept_prompt_written_blocks",
              "Blocks written to disk.",
              PrefixDisk.Statistics::written),
          new Measure(
              "yuntai_kept_prompt_evicted_blocks",
              "Blocks that had to go to make room.",
              PrefixDisk.Statistics::evicted),
          new Measure(
              "yuntai_kept_prompt_damaged_blocks",
              "Blocks found damaged, and forgotten.",
              PrefixDisk.Statistics::damaged));

  private KeptPromptMetrics() {}

  static void add(MetricSnapshots.Builder all, PrefixDisk.Statistics statistics) {
    for (Measure measure : GAUGES) {
      all.metricSnapshot(
          GaugeSnapshot.builder()
              .name(measure.name())
              .help(measure.help())
              .dataPoint(
                  GaugeDataPointSnapshot.builder()
                      .value(measure.value().applyAsDouble(statistics))
                      .build())
              .build());
    }
    for (Measure measure : COUNTERS) {
      all.metricSnapshot(
          CounterSnapshot.builder()
              .name(measure.name())
              .help(measure.help())
              .dataPoint(
                  CounterDataPointSnapshot.builder()
                      .value(measure.value().applyAsDouble(statistics))
                      .build())
              .build());
    }
  }
}
