package io.yuntai.server;

import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.texts.KeptTexts;
import io.yuntai.server.config.ObservabilitySettings;
import io.yuntai.server.metrics.MetricSource;
import io.yuntai.server.metrics.ProcessMetrics;
import io.yuntai.server.metrics.RequestMetrics;
import io.yuntai.server.metrics.TraceMetrics;
import io.yuntai.server.telemetry.RequestRecorder;
import io.yuntai.server.telemetry.RequestSink;
import io.yuntai.server.telemetry.Telemetry;
import io.yuntai.server.telemetry.TextRecorder;
import io.yuntai.server.telemetry.TraceExporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/** Who is told what happened to requests. */
final class ServerTelemetry implements AutoCloseable {
  private final RequestRecorder recorder;
  private final TextRecorder texts;
  private final RequestMetrics requests = new RequestMetrics();
  private final Optional<TraceExporter> traces;
  private final Telemetry telemetry;

  private ServerTelemetry(
      RequestRecorder recorder,
      TextRecorder texts,
      Optional<TraceExporter> traces,
      double sample,
      RandomGenerator random) {
    this.recorder = recorder;
    this.texts = texts;
    this.traces = traces;
    List<RequestSink> sinks = new ArrayList<>(List.of(recorder, texts, requests.sink()));
    traces.ifPresent(sinks::add);
    this.telemetry =
        new Telemetry(sinks, traces.isPresent() ? sample : 0, random, texts::keepsTextsOf);
  }

  /**
   * Begins.
   *
   * @param config the configuration file; empty for none
   * @throws StartException where that or the environment makes no sense
   */
  static ServerTelemetry start(
      DataSource database,
      Optional<Path> config,
      Map<String, String> environment,
      RandomGenerator random) {
    ObservabilitySettings settings = settings(config, environment);
    Transactions transactions = new Transactions(database);
    RequestRecorder recorder =
        RequestRecorder.start(new RequestLog(transactions), settings.keepRequests());
    TextRecorder texts = TextRecorder.start(new KeptTexts(transactions));
    Optional<TraceExporter> traces =
        settings.traces().map(where -> TraceExporter.start(where, random));
    double sample = settings.traces().map(ObservabilitySettings.Traces::sample).orElse(0.0);
    return new ServerTelemetry(recorder, texts, traces, sample, random);
  }

  private static ObservabilitySettings settings(
      Optional<Path> config, Map<String, String> environment) {
    try {
      return config.isPresent()
          ? ObservabilitySettings.read(config.get(), environment)
          : ObservabilitySettings.of(environment);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  Telemetry telemetry() {
    return telemetry;
  }

  RequestRecorder recorder() {
    return recorder;
  }

  /** All metrics of this server but its models' and targets'. */
  List<MetricSource> metrics(MetricSource ledger) {
    List<MetricSource> all = new ArrayList<>(List.of(requests, ledger, new ProcessMetrics()));
    traces.ifPresent(exporter -> all.add(new TraceMetrics(exporter)));
    return all;
  }

  @Override
  public void close() {
    traces.ifPresent(TraceExporter::close);
    recorder.close();
    texts.close();
  }
}
