package io.yuntai.server.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the models' engines do and have done, in Prometheus' text format, version 0.0.4. Names end
 * in their unit; those of counters in {@code _total}, counted since the model was loaded.
 */
public final class ModelMetrics {
  /** The {@code Content-Type} of {@link #text}. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final PrometheusTextFormatWriter WRITER =
      PrometheusTextFormatWriter.builder().build();

  private record Measure(String name, String help, ToDoubleFunction<EngineStatistics> value) {}

  private static final List<Measure> GAUGES =
      List.of(
          new Measure(
              "yuntai_model_serving",
              "1 while the model takes requests, 0 while it stops or is broken.",
              now -> now.state() == State.SERVING ? 1 : 0),
          new Measure(
              "yuntai_generations_running",
              "Generations that share the engine's steps.",
              EngineStatistics::running),
          new Measure(
              "yuntai_generations_waiting",
              "Generations that wait for a place.",
              EngineStatistics::waiting),
          new Measure(
              "yuntai_kv_blocks_used",
              "KV blocks that running generations hold.",
              EngineStatistics::kvBlocksUsed),
          new Measure(
              "yuntai_kv_blocks_cached",
              "KV blocks kept for prompts that start alike; free for others.",
              EngineStatistics::kvBlocksCached),
          new Measure(
              "yuntai_kv_blocks",
              "KV blocks that the engine has in all.",
              EngineStatistics::kvBlocks));

  private static final List<Measure> COUNTERS =
      List.of(
          new Measure(
              "yuntai_prompt_tokens",
              "Prompt tokens of all generations that got a place.",
              EngineStatistics::promptTokens),
          new Measure(
              "yuntai_cached_prompt_tokens",
              "Prompt tokens that were found in the KV cache and not computed.",
              EngineStatistics::cachedPromptTokens),
          new Measure(
              "yuntai_completion_tokens",
              "Tokens generated, end tokens included.",
              EngineStatistics::completionTokens),
          new Measure(
              "yuntai_preemptions",
              "How often a generation gave its KV blocks back, to be computed again.",
              EngineStatistics::preempted),
          new Measure("yuntai_engine_steps", "Forward passes.", EngineStatistics::steps),
          new Measure(
              "yuntai_drafted_tokens",
              "Tokens guessed by speculative decoding.",
              EngineStatistics::draftedTokens),
          new Measure(
              "yuntai_accepted_tokens",
              "Guessed tokens that were right.",
              EngineStatistics::acceptedTokens));

  private final ModelHost models;

  /**
   * @param models whose engines are asked, each time anew
   */
  public ModelMetrics(ModelHost models) {
    this.models = models;
  }

  private record Sample(Labels labels, String kernel, EngineStatistics statistics) {}

  /** All metrics as they are now, in UTF-8. */
  public byte[] text() {
    List<Sample> samples = models.all().stream().map(ModelMetrics::sample).toList();
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    all.metricSnapshot(kernels(samples));
    GAUGES.forEach(measure -> all.metricSnapshot(gauge(measure, samples)));
    COUNTERS.forEach(measure -> all.metricSnapshot(counter(measure, samples)));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      WRITER.write(text, all.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array in memory takes all that is written
    }
    return text.toByteArray();
  }

  private static Sample sample(HostedModel model) {
    return new Sample(Labels.of("model", model.name()), model.kernel(), model.statistics().get());
  }

  private static MetricSnapshot kernels(List<Sample> samples) {
    InfoSnapshot.Builder info =
        InfoSnapshot.builder()
            .name("yuntai_model")
            .help("Which compute kernel runs each model; --kernel forces one.");
    for (Sample sample : samples) {
      info.dataPoint(
          InfoDataPointSnapshot.builder()
              .labels(sample.labels().merge(Labels.of("kernel", sample.kernel())))
              .build());
    }
    return info.build();
  }

  private static MetricSnapshot gauge(Measure measure, List<Sample> samples) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(measure.name()).help(measure.help());
    for (Sample sample : samples) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(sample.labels())
              .value(measure.value().applyAsDouble(sample.statistics()))
              .build());
    }
    return gauge.build();
  }

  private static MetricSnapshot counter(Measure measure, List<Sample> samples) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder().name(measure.name()).help(measure.help());
    for (Sample sample : samples) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(sample.labels())
              .value(measure.value().applyAsDouble(sample.statistics()))
              .build());
    }
    return counter.build();
  }
}
