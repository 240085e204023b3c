package io.yuntai.dialect.testing;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.EventBuffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Events through a dialect's stream and back. */
public final class Streams {
  private static final int MAX_EVENT_BYTES = 1 << 20;

  private Streams() {}

  /** The bytes of events. */
  public static byte[] written(AnswerStream encoder, List<AnswerEvent> events) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    events.forEach(event -> bytes.writeBytes(encoder.encode(event)));
    return bytes.toByteArray();
  }

  /** The events of server-sent events. */
  public static List<AnswerEvent> read(AnswerReader reader, byte[] stream) throws ApiException {
    List<AnswerEvent> events = new ArrayList<>();
    EventBuffer buffer = new EventBuffer(MAX_EVENT_BYTES);
    buffer.reserve(stream.length);
    System.arraycopy(stream, 0, buffer.bytes(), buffer.end(), stream.length);
    buffer.added(stream.length);
    while (buffer.next()) {
      reader.event(buffer.name(), buffer.data(), buffer.dataFrom(), buffer.dataTo(), events::add);
    }
    reader.end(events::add);
    return events;
  }

  /** The events of a body. */
  public static List<AnswerEvent> readWhole(AnswerReader reader, byte[] body) throws ApiException {
    List<AnswerEvent> events = new ArrayList<>();
    reader.body(body, events::add);
    return events;
  }
}
