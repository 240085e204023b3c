package io.yuntai.dialect.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventBufferTest {
  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private record Event(String name, String data) {}

  @Test
  void eventsAreTheSameHoweverTheirBytesAreCut() throws Exception {
    System.out.println("-Dyuntai.seed=" + seed);
    for (int i = 0; i < 2_000; i++) {
      List<Event> events = new ArrayList<>();
      StringBuilder stream = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
      for (int k = random.nextInt(12); k > 0; k--) {
        event(events, stream);
      }
      byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(read(bytes)).as(stream.toString()).isEqualTo(events);
    }
  }

  @Test
  void damagedStreamsNeverBreakTheReader() throws Exception {
    System.out.println("-Dyuntai.seed=" + seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] =
            random.nextInt(4) == 0
                ? (byte) random.nextInt(256)
                : (byte) "data: event\r\n\n\r:".charAt(random.nextInt(16));
      }
      List<Event> whole = read(bytes);
      assertThat(read(bytes)).isEqualTo(whole);
    }
  }

  @Test
  void anEventThatIsTooLongIsRefused() {
    EventBuffer buffer = new EventBuffer(10_000);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                buffer.reserve(1_000);
                System.arraycopy(
                    ("data:" + "x".repeat(995)).getBytes(StandardCharsets.US_ASCII),
                    0,
                    buffer.bytes(),
                    buffer.end(),
                    1_000);
                buffer.added(1_000);
                assertThat(buffer.next()).isFalse();
              }
            })
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("10000 bytes");
  }

  @Test
  void longDataOfManyLinesIsRefusedToo() {
    EventBuffer buffer = new EventBuffer(10_000);
    byte[] line = ("data:" + "x".repeat(94) + "\n").getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                buffer.reserve(line.length);
                System.arraycopy(line, 0, buffer.bytes(), buffer.end(), line.length);
                buffer.added(line.length);
                assertThat(buffer.next()).isFalse();
              }
            })
        .isInstanceOf(ApiException.class);
  }

  private void event(List<Event> events, StringBuilder stream) {
    String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
    String name = random.nextBoolean() ? "" : "name" + random.nextInt(5);
    List<String> data = new ArrayList<>();
    for (int k = random.nextInt(4); k > 0; k--) {
      data.add("é" + "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 9_000 : 30)));
    }
    if (random.nextBoolean()) {
      stream.append(": a comment").append(end);
    }
    if (!name.isEmpty()) {
      stream.append("event: ").append(name).append(end);
    }
    for (String line : data) {
      stream.append(random.nextBoolean() ? "data: " : "data:").append(line).append(end);
      if (random.nextInt(4) == 0) {
        stream.append("retry: 7").append(end);
      }
    }
    stream.append(end);
    // A line break of one kind right after another kind's CR would be one break: keep them apart.
    stream.append(":").append(end);
    if (!data.isEmpty()) {
      events.add(new Event(name, String.join("\n", data)));
    }
  }

  private List<Event> read(byte[] bytes) throws ApiException {
    EventBuffer buffer = new EventBuffer(1 << 20);
    List<Event> events = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int more = Math.min(1 + random.nextInt(random.nextBoolean() ? 3 : 5_000), bytes.length - at);
      buffer.reserve(more);
      System.arraycopy(bytes, at, buffer.bytes(), buffer.end(), more);
      buffer.added(more);
      at += more;
      while (buffer.next()) {
        events.add(
            new Event(
                buffer.name(),
                new String(
                    buffer.data(),
                    buffer.dataFrom(),
                    buffer.dataTo() - buffer.dataFrom(),
                    StandardCharsets.UTF_8)));
      }
    }
    return events;
  }
}
