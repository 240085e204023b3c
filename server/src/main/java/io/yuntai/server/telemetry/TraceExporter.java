package io.yuntai.server.telemetry;

import io.yuntai.server.config.ObservabilitySettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends traces of requests that have ended to a collector, many at once, on a thread of its own.
 * What finds the queue full, or a collector that does not answer, is left out and counted.
 */
public final class TraceExporter implements RequestSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TraceExporter.class);

  private static final int QUEUED_REQUESTS = 2_000;
  private static final int BATCH_REQUESTS = 100;
  private static final int ATTEMPTS = 4;
  private static final Duration GATHER = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** What a collector says when it wants the same again later, as OTLP has it. */
  private static final Set<Integer> AGAIN = Set.of(429, 502, 503, 504);

  private final ObservabilitySettings.Traces settings;
  private final RandomGenerator random;
  private final HttpClient client;
  private final BlockingQueue<List<Span>> queue = new ArrayBlockingQueue<>(QUEUED_REQUESTS);
  private final LongAdder exported = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final Thread thread;
  private volatile boolean closing;
  private boolean failing;

  private TraceExporter(ObservabilitySettings.Traces settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    this.client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    this.thread = Thread.ofVirtual().name("traces").unstarted(this::work);
  }

  /** Begins. */
  public static TraceExporter start(ObservabilitySettings.Traces settings, RandomGenerator random) {
    TraceExporter exporter = new TraceExporter(settings, random);
    exporter.thread.start();
    return exporter;
  }

  /** Spans that the collector took. */
  public long exported() {
    return exported.sum();
  }

  /** Spans that were left out. */
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void ended(RequestTimeline request) {
    if (request.trace().isEmpty() || !request.isForModel()) {
      return;
    }
    List<Span> spans =
        RequestSpans.of(request, request.trace().get(), place -> place.child(random));
    if (!queue.offer(spans)) {
      dropped.add(spans.size());
    }
  }

  private void work() {
    List<List<Span>> batch = new ArrayList<>();
    while (!closing || !queue.isEmpty()) {
      try {
        List<Span> first = queue.poll(GATHER.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH_REQUESTS - 1);
          send(batch.stream().flatMap(List::stream).toList());
          batch.clear();
        }
      } catch (InterruptedException _) {
        return; // closed, and the collector did not answer in time
      } catch (RuntimeException e) {
        batch.forEach(spans -> dropped.add(spans.size()));
        batch.clear();
        LOG.error("traces broke off", e);
      }
    }
  }

  private void send(List<Span> spans) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.endpoint())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/x-protobuf")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    OtlpMessage.of(spans, Map.of("service.name", settings.service()))));
    settings.headers().forEach(request::setHeader);
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      String problem = post(request.build());
      if (problem.isEmpty()) {
        exported.add(spans.size());
        failing = false;
        return;
      }
      if (!failing) {
        LOG.warn("traces can't be sent to {}: {}", settings.endpoint(), problem);
        failing = true;
      }
      if (closing || !problem.endsWith(LATER)) {
        break;
      }
      Thread.sleep(Duration.ofMillis(500L << attempt));
    }
    dropped.add(spans.size());
  }

  private static final String LATER = ", and are tried again";

  /** Empty where it went well. */
  private String post(HttpRequest request) throws InterruptedException {
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status / 100 == 2) {
        return "";
      }
      return "it says " + status + (AGAIN.contains(status) ? LATER : "");
    } catch (IOException e) {
      return e + LATER;
    }
  }

  /** Sends what waits, for some seconds at most. */
  @Override
  public void close() {
    closing = true;
    ThreadEnd.await(thread);
    client.shutdownNow();
  }
}
