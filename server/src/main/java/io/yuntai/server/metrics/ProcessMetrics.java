package io.yuntai.server.metrics;

import static io.yuntai.server.metrics.Snapshots.counter;
import static io.yuntai.server.metrics.Snapshots.gauge;

import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What this process is and takes. */
public final class ProcessMetrics implements MetricSource {
  @Override
  public void addTo(MetricSnapshots.Builder all) {
    all.metricSnapshot(
        InfoSnapshot.builder()
            .name("yuntai_build")
            .help("Which Yuntai this is, and on which Java it runs.")
            .dataPoint(
                InfoDataPointSnapshot.builder()
                    .labels(Labels.of("version", version(), "java", Runtime.version().toString()))
                    .build())
            .build());
    all.metricSnapshot(
        gauge(
            "yuntai_start_time_seconds",
            "When this process was started, in seconds since 1970.",
            ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3));
    memory(all);
    collections(all);
    all.metricSnapshot(
        gauge(
            "jvm_threads",
            "Platform threads.",
            ManagementFactory.getThreadMXBean().getThreadCount()));
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(time ->
            all.metricSnapshot(
                counter(
                    "process_cpu_seconds",
                    "Time of processors that this process took.",
                    time.toNanos() / 1e9)));
  }

  private static String version() {
    return Objects.requireNonNullElse(
        ProcessMetrics.class.getPackage().getImplementationVersion(), "unpackaged");
  }

  private static void memory(MetricSnapshots.Builder all) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    all.metricSnapshot(gauge("jvm_heap_used_bytes", "The heap's used part.", heap.getUsed()));
    all.metricSnapshot(
        gauge("jvm_heap_max_bytes", "The most that the heap may be.", heap.getMax()));
    Map<String, Long> buffers = new LinkedHashMap<>();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      buffers.put(pool.getName(), pool.getMemoryUsed());
    }
    all.metricSnapshot(
        gauge("jvm_buffer_bytes", "Memory outside the heap, by pool.", "pool", buffers));
  }

  private static void collections(MetricSnapshots.Builder all) {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    all.metricSnapshot(
        counter(
            "jvm_gc_collections",
            "Garbage collections.",
            collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionCount())).sum()));
    all.metricSnapshot(
        counter(
            "jvm_gc_seconds",
            "Time that garbage collections took.",
            collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionTime())).sum()
                / 1e3));
  }
}
