package io.yuntai.server;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of the log as a JSON object. It is written by the thread that logs, so it knows for which
 * request that thread works.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NONE = {};
  private final JsonMapper json = new JsonMapper();
  private final RootCauseFirstThrowableProxyConverter stacks =
      new RootCauseFirstThrowableProxyConverter();

  @Override
  public void start() {
    stacks.start();
    super.start();
  }

  @Override
  public byte[] headerBytes() {
    return NONE;
  }

  @Override
  public byte[] footerBytes() {
    return NONE;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode line =
        json.createObjectNode()
            .put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString())
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("thread", event.getThreadName())
            .put("message", event.getFormattedMessage());
    RequestTimeline.ofThread().ifPresent(request -> about(request, line));
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.put(pair.key, String.valueOf(pair.value));
      }
    }
    if (event.getThrowableProxy() != null) {
      line.put("error", stacks.convert(event));
    }
    return (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void about(RequestTimeline request, ObjectNode line) {
    line.put("request_id", request.id());
    if (request.trace().isPresent()) {
      TraceContext trace = request.trace().get();
      line.put("trace_id", trace.traceId()).put("span_id", trace.spanId());
    }
  }
}
