package io.yuntai.server.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.yuntai.engine.Adapters;
import io.yuntai.engine.Adapters.Loaded;
import io.yuntai.server.gateway.HostedModel;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What models' adapters take and do. */
final class AdapterMetrics {
  private AdapterMetrics() {}

  /** Of these models, as it is now. */
  static List<MetricSnapshot> of(List<HostedModel> models) {
    GaugeSnapshot.Builder memory =
        GaugeSnapshot.builder()
            .name("yuntai_adapters_memory_bytes")
            .help("Memory of a model's adapters, unloaded ones that still answer included.");
    for (HostedModel model : models) {
      model
          .adapters()
          .ifPresent(adapters ->
              memory.dataPoint(point(Labels.of("model", model.name()), (double) adapters.bytes())));
    }
    return List.of(
        memory.build(),
        each(models, "yuntai_adapter_bytes", "Memory of an adapter that is loaded.", Loaded::bytes),
        each(
            models,
            "yuntai_adapter_generations",
            "Generations that an adapter answers or that wait for it.",
            Loaded::running));
  }

  private static MetricSnapshot each(
      List<HostedModel> models, String name, String help, ToDoubleFunction<Loaded> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (HostedModel model : models) {
      for (Loaded adapter : model.adapters().map(Adapters::list).orElse(List.of())) {
        Labels labels = Labels.of("model", model.name(), "adapter", adapter.name());
        gauge.dataPoint(point(labels, value.applyAsDouble(adapter)));
      }
    }
    return gauge.build();
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
