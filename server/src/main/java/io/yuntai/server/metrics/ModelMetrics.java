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
import io.yuntai.engine.EncoderStatistics;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.http.InFlight;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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

  private record Measure<S>(String name, String help, ToDoubleFunction<S> value) {}

  private static final List<Measure<EngineStatistics>> GAUGES =
      List.of(
          new Measure<>(
              "yuntai_generations_running",
              "Generations that share the engine's steps.",
              EngineStatistics::running),
          new Measure<>(
              "yuntai_generations_waiting",
              "Generations that wait for a place.",
              EngineStatistics::waiting),
          new Measure<>(
              "yuntai_kv_blocks_used",
              "KV blocks that running generations hold.",
              EngineStatistics::kvBlocksUsed),
          new Measure<>(
              "yuntai_kv_blocks_cached",
              "KV blocks kept for prompts that start alike; free for others.",
              EngineStatistics::kvBlocksCached),
          new Measure<>(
              "yuntai_kv_blocks",
              "KV blocks that the engine has in all.",
              EngineStatistics::kvBlocks));

  private static final List<Measure<EngineStatistics>> COUNTERS =
      List.of(
          new Measure<>(
              "yuntai_prompt_tokens",
              "Prompt tokens of all generations that got a place.",
              EngineStatistics::promptTokens),
          new Measure<>(
              "yuntai_cached_prompt_tokens",
              "Prompt tokens that were found in the KV cache and not computed.",
              EngineStatistics::cachedPromptTokens),
          new Measure<>(
              "yuntai_completion_tokens",
              "Tokens generated, end tokens included.",
              EngineStatistics::completionTokens),
          new Measure<>(
              "yuntai_preemptions",
              "How often a generation gave its KV blocks back, to be computed again.",
              EngineStatistics::preempted),
          new Measure<>("yuntai_engine_steps", "Forward passes.", EngineStatistics::steps),
          new Measure<>(
              "yuntai_drafted_tokens",
              "Tokens guessed by speculative decoding.",
              EngineStatistics::draftedTokens),
          new Measure<>(
              "yuntai_accepted_tokens",
              "Guessed tokens that were right.",
              EngineStatistics::acceptedTokens));

  private static final Measure<State> SERVING =
      new Measure<>(
          "yuntai_model_serving",
          "1 while the model takes requests, 0 while it stops or is broken.",
          state -> state == State.SERVING ? 1 : 0);

  private static final List<Measure<EncoderStatistics>> ENCODER_GAUGES =
      List.of(
          new Measure<>(
              "yuntai_encoder_requests",
              "Requests for vectors or scores that wait or are computed.",
              EncoderStatistics::requests),
          new Measure<>(
              "yuntai_encoder_waiting_tokens",
              "Tokens of texts that are not computed yet.",
              EncoderStatistics::waitingTokens));

  private static final List<Measure<EncoderStatistics>> ENCODER_COUNTERS =
      List.of(
          new Measure<>(
              "yuntai_encoder_texts",
              "Texts, or pairs of texts, that were computed.",
              EncoderStatistics::sequences),
          new Measure<>(
              "yuntai_encoder_tokens", "Tokens of these texts.", EncoderStatistics::tokens),
          new Measure<>(
              "yuntai_encoder_steps",
              "Forward passes over texts for vectors or scores.",
              EncoderStatistics::steps));

  private final ModelHost models;
  private final Routing routing;
  private final InFlight inFlight;
  private final List<MetricSource> more;

  /**
   * @param models whose engines are asked, each time anew
   * @param routing whose targets are asked, each time anew
   * @param inFlight what is being answered
   * @param more what else belongs to this server's metrics
   */
  public ModelMetrics(
      ModelHost models, Routing routing, InFlight inFlight, List<MetricSource> more) {
    this.models = models;
    this.routing = routing;
    this.inFlight = inFlight;
    this.more = List.copyOf(more);
  }

  private record Sample<S>(Labels labels, S statistics) {}

  /** All metrics as they are now, in UTF-8. */
  public byte[] text() {
    return written(snapshots());
  }

  /** All metrics, with those that have no value now. */
  MetricSnapshots snapshots() {
    List<Sample<EngineStatistics>> engines = new ArrayList<>();
    List<Sample<EncoderStatistics>> encoders = new ArrayList<>();
    List<Sample<State>> states = new ArrayList<>();
    InfoSnapshot.Builder kernels =
        InfoSnapshot.builder()
            .name("yuntai_model")
            .help("Which compute kernel runs each model; --kernel forces one.");
    // An adapter's work is its model's: the same engine does it.
    List<HostedModel> bases =
        models.all().stream().filter(model -> model.parent().isEmpty()).toList();
    for (HostedModel model : bases) {
      Labels labels = Labels.of("model", model.name());
      engines.add(new Sample<>(labels, model.statistics().get()));
      states.add(new Sample<>(labels, engines.getLast().statistics().state()));
      kernels.dataPoint(kernel(labels, model.kernel()));
    }
    for (HostedEncoder encoder : models.encoders()) {
      Labels labels = Labels.of("model", encoder.name());
      encoders.add(new Sample<>(labels, encoder.engine().statistics()));
      states.add(new Sample<>(labels, encoders.getLast().statistics().state()));
      kernels.dataPoint(kernel(labels, encoder.kernel()));
    }
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    all.metricSnapshot(kernels.build());
    all.metricSnapshot(gauge(SERVING, states));
    GAUGES.forEach(measure -> all.metricSnapshot(gauge(measure, engines)));
    COUNTERS.forEach(measure -> all.metricSnapshot(counter(measure, engines)));
    ENCODER_GAUGES.forEach(measure -> all.metricSnapshot(gauge(measure, encoders)));
    ENCODER_COUNTERS.forEach(measure -> all.metricSnapshot(counter(measure, encoders)));
    AdapterMetrics.of(bases).forEach(all::metricSnapshot);
    models.keptPrompts().ifPresent(kept -> KeptPromptMetrics.add(all, kept));
    TargetMetrics.add(all, routing.statistics());
    all.metricSnapshot(
        Snapshots.gauge(
            "yuntai_http_requests_running",
            "Requests that are being answered.",
            inFlight.max() - inFlight.free()));
    all.metricSnapshot(
        Snapshots.gauge(
            "yuntai_http_requests_limit",
            "How many requests may be answered at once.",
            inFlight.max()));
    more.forEach(source -> source.addTo(all));
    return all.build();
  }

  private static byte[] written(MetricSnapshots all) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      WRITER.write(text, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array in memory takes all that is written
    }
    return text.toByteArray();
  }

  private static InfoDataPointSnapshot kernel(Labels labels, String kernel) {
    return InfoDataPointSnapshot.builder()
        .labels(labels.merge(Labels.of("kernel", kernel)))
        .build();
  }

  private static <S> MetricSnapshot gauge(Measure<S> measure, List<Sample<S>> samples) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(measure.name()).help(measure.help());
    for (Sample<S> sample : samples) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(sample.labels())
              .value(measure.value().applyAsDouble(sample.statistics()))
              .build());
    }
    return gauge.build();
  }

  private static <S> MetricSnapshot counter(Measure<S> measure, List<Sample<S>> samples) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder().name(measure.name()).help(measure.help());
    for (Sample<S> sample : samples) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(sample.labels())
              .value(measure.value().applyAsDouble(sample.statistics()))
              .build());
    }
    return counter.build();
  }
}
