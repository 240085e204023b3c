package io.yuntai.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.yuntai.server.telemetry.RequestSink;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLogEncoderTest {
  private final LoggerContext context = new LoggerContext();

  private JsonNode line(String message, @Nullable Throwable failure) {
    JsonLogEncoder encoder = new JsonLogEncoder();
    encoder.setContext(context);
    encoder.start();
    LoggingEvent event =
        new LoggingEvent(
            "here", context.getLogger("io.yuntai.Some"), Level.WARN, message, failure, null);
    event.addKeyValuePair(new KeyValuePair("model", "m:1b"));
    String text = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertThat(text).endsWith("}\n");
    assertThat(text.strip()).as("one line").doesNotContain("\n");
    return new JsonMapper().readTree(text);
  }

  @Test
  void aLineIsAnObjectWhateverItSays() {
    JsonNode line = line("two\nlines, a \"quote\" and 花", new IllegalStateException("why\nnot"));
    assertThat(line.path("message").asString()).isEqualTo("two\nlines, a \"quote\" and 花");
    assertThat(line.path("level").asString()).isEqualTo("WARN");
    assertThat(line.path("logger").asString()).isEqualTo("io.yuntai.Some");
    assertThat(line.path("model").asString()).isEqualTo("m:1b");
    assertThat(line.path("error").asString()).contains("IllegalStateException", "why");
    assertThat(Instant.parse(line.path("time").asString())).isBefore(Instant.now().plusSeconds(1));
    assertThat(line.has("request_id")).as("outside of requests").isFalse();
  }

  @Test
  void whatIsLoggedForARequestNamesItAndItsTrace() {
    Telemetry telemetry = new Telemetry(List.<RequestSink>of(_ -> {}), 1, new Random(1));
    try (RequestTimeline timeline = telemetry.begin("req_1", "/v1/chat/completions", "", "")) {
      JsonNode line = timeline.within(() -> line("during it", null));
      assertThat(line.path("request_id").asString()).isEqualTo("req_1");
      assertThat(line.path("trace_id").asString()).matches("[0-9a-f]{32}");
      assertThat(line.path("span_id").asString()).matches("[0-9a-f]{16}");
    }
  }
}
