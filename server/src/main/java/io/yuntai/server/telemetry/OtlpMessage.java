package io.yuntai.server.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Spans as {@code ExportTraceServiceRequest} of OTLP 1, in protobuf's bytes. The numbers are those
 * of opentelemetry-proto's {@code trace.proto}, {@code common.proto} and {@code resource.proto}.
 */
final class OtlpMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int ERROR_STATUS = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private OtlpMessage() {}

  /**
   * All of them as one message.
   *
   * @param resource who tells it
   */
  static byte[] of(List<Span> spans, Map<String, Object> resource) {
    OtlpMessage message = new OtlpMessage();
    message.within(
        1,
        resourceSpans -> {
          resourceSpans.within(1, about -> about.attributes(1, resource));
          resourceSpans.within(
              2,
              scopeSpans -> {
                scopeSpans.within(1, scope -> scope.text(1, "io.yuntai.server"));
                spans.forEach(span -> scopeSpans.within(2, one -> one.span(span)));
              });
        });
    return message.out.toByteArray();
  }

  private void span(Span span) {
    bytes(1, HexFormat.of().parseHex(span.place().traceId()));
    bytes(2, HexFormat.of().parseHex(span.place().spanId()));
    span.parentId().ifPresent(parent -> bytes(4, HexFormat.of().parseHex(parent)));
    text(5, span.name());
    number(6, span.kind().number());
    fixed(7, span.startNanos());
    fixed(8, Math.max(span.startNanos(), span.endNanos()));
    attributes(9, span.attributes());
    if (!span.error().isEmpty()) {
      within(
          15,
          status -> {
            status.text(2, span.error());
            status.number(3, ERROR_STATUS);
          });
    }
  }

  private void attributes(int field, Map<String, Object> attributes) {
    attributes.forEach((key, value) ->
        within(
            field,
            pair -> {
              pair.text(1, key);
              pair.within(2, any -> any.value(value));
            }));
  }

  private void value(Object value) {
    switch (value) {
      case String text -> text(1, text);
      case Boolean truth -> number(2, truth ? 1 : 0);
      case Long number -> number(3, number);
      case List<?> list ->
          within(5, array -> list.forEach(one -> array.within(1, any -> any.value(one))));
      default -> throw new IllegalArgumentException("no attribute holds " + value.getClass());
    }
  }

  private void within(int field, Consumer<OtlpMessage> content) {
    OtlpMessage inner = new OtlpMessage();
    content.accept(inner);
    bytes(field, inner.out.toByteArray());
  }

  private void text(int field, String text) {
    bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(int field, byte[] bytes) {
    tag(field, BYTES);
    varint(bytes.length);
    out.writeBytes(bytes);
  }

  private void number(int field, long number) {
    tag(field, VARINT);
    varint(number);
  }

  private void fixed(int field, long number) {
    tag(field, FIXED64);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (number >>> shift));
    }
  }

  private void tag(int field, int type) {
    varint(((long) field << 3) | type);
  }

  private void varint(long number) {
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
