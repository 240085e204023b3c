package io.yuntai.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.yuntai.server.config.ObservabilitySettings;
import io.yuntai.server.gateway.Metering;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.testing.TestServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a collector over HTTP that reads what it gets with OpenTelemetry's own classes. */
class TraceExporterTest {
  private static final String TRACE = "0123456789abcdef0123456789abcdef";
  private static final String PARENT = "00f067aa0ba902b7";

  private final Queue<ResourceSpans> received = new ConcurrentLinkedQueue<>();
  private final Queue<String> keys = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // before each
  private HttpServer collector;

  @SuppressWarnings("NullAway.Init") // before each
  private TraceExporter exporter;

  @BeforeEach
  void start() throws Exception {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean refuses = refusals.getAndDecrement() > 0;
          if (!refuses) {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-api-key")));
            received.addAll(ExportTraceServiceRequest.parseFrom(body).getResourceSpansList());
          }
          exchange.sendResponseHeaders(refuses ? 503 : 200, -1);
          exchange.close();
        });
    collector.start();
    exporter =
        TraceExporter.start(
            new ObservabilitySettings.Traces(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces"),
                Map.of("x-api-key", "k"),
                "shop",
                1),
            new Random(7));
  }

  @AfterEach
  void stop() {
    exporter.close();
    collector.stop(0);
  }

  private TestServer server(double sample) {
    return new TestServer(
        Metering.NONE, Routing.NONE, new Telemetry(List.of(exporter), sample, new Random(8)));
  }

  private static HttpRequest asking(TestServer server, String model, String traceparent) {
    HttpRequest.Builder request =
        server
            .request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(model)));
    return traceparent.isEmpty()
        ? request.build()
        : request.header("traceparent", traceparent).build();
  }

  private List<io.opentelemetry.proto.trace.v1.Span> spans() {
    await().atMost(Duration.ofSeconds(60)).until(() -> !received.isEmpty());
    return received.stream()
        .flatMap(one -> one.getScopeSpansList().stream())
        .flatMap(one -> one.getSpansList().stream())
        .toList();
  }

  @Test
  void aRequestIsASpanWithItsStagesInTheTraceThatItCameWith() throws Exception {
    refusals.set(1); // a collector that is busy is asked again
    try (TestServer server = server(1)) {
      assertThat(
              server
                  .send(asking(server, TestServer.MODEL, "00-" + TRACE + "-" + PARENT + "-01"))
                  .statusCode())
          .isEqualTo(200);
      List<io.opentelemetry.proto.trace.v1.Span> spans = spans();
      assertThat(keys).containsOnly("k");
      assertThat(received.element().getResource().getAttributesList())
          .extracting(KeyValue::getKey)
          .containsExactly("service.name");
      assertThat(spans)
          .allMatch(
              span -> HexFormat.of().formatHex(span.getTraceId().toByteArray()).equals(TRACE));
      io.opentelemetry.proto.trace.v1.Span own = spans.getFirst();
      assertThat(own.getName()).isEqualTo("chat " + TestServer.MODEL);
      assertThat(own.getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
      assertThat(HexFormat.of().formatHex(own.getParentSpanId().toByteArray())).isEqualTo(PARENT);
      assertThat(own.getEndTimeUnixNano()).isGreaterThan(own.getStartTimeUnixNano());
      AnyValue none = AnyValue.getDefaultInstance();
      Map<String, AnyValue> attributes =
          own.getAttributesList().stream()
              .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
      assertThat(attributes.getOrDefault("gen_ai.operation.name", none).getStringValue())
          .isEqualTo("chat");
      assertThat(attributes.getOrDefault("gen_ai.usage.output_tokens", none).getIntValue())
          .isEqualTo(3);
      assertThat(
              attributes
                  .getOrDefault("gen_ai.response.finish_reasons", none)
                  .getArrayValue()
                  .getValues(0)
                  .getStringValue())
          .isEqualTo("length");
      assertThat(spans.subList(1, spans.size()))
          .allMatch(span -> span.getParentSpanId().equals(own.getSpanId()))
          .extracting(io.opentelemetry.proto.trace.v1.Span::getName)
          .contains("auth", "queue", "prefill", "decode");
      await().atMost(Duration.ofSeconds(60)).until(() -> exporter.exported() == spans.size());
    }
  }

  @Test
  void aRefusalIsASpanThatSaysWhatWentWrong() throws Exception {
    try (TestServer server = server(1)) {
      server.send(asking(server, "nothing", ""));
      io.opentelemetry.proto.trace.v1.Span own = spans().getFirst();
      assertThat(own.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(own.getStatus().getMessage()).isEqualTo("model_not_found");
      assertThat(own.getParentSpanId().isEmpty()).isTrue();
    }
  }

  @Test
  void whatTheSenderDoesNotRecordIsNotRecordedHere() throws Exception {
    try (TestServer server = server(1)) {
      server.send(asking(server, TestServer.MODEL, "00-" + TRACE + "-" + PARENT + "-00"));
      server.send(asking(server, "nothing", ""));
      assertThat(spans()).extracting(io.opentelemetry.proto.trace.v1.Span::getName).hasSize(2);
    }
  }
}
