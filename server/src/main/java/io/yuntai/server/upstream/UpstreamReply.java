package io.yuntai.server.upstream;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.EventBuffer;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.server.upstream.UpstreamFailures.Ending;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request to an upstream and its answer as it comes. For one reading thread; {@link #cancel}
 * may come from any.
 */
public final class UpstreamReply implements AutoCloseable, Deadlines.Watched {
  private static final int MAX_EVENT_BYTES = 8 << 20;
  private static final int MAX_BODY_BYTES = 64 << 20;
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final int READ_BYTES = 2048;

  /** For the few bytes after a stream's last event, without which no request may follow. */
  private static final int LAST_BYTES_MILLIS = 50;

  private final Upstream upstream;
  private final byte[] request;
  private final UpstreamCodec codec;
  private final AnswerReader reader;
  private final boolean stream;
  private final UpstreamFailures failures;
  private final long startNanos = System.nanoTime();

  private @Nullable Connection connection;
  private @Nullable ResponseHead head;
  private @Nullable ResponseBody body;
  private @Nullable EventBuffer events;
  private boolean told;

  /** What can be closed to end it all; guarded by this. */
  private @Nullable AutoCloseable held;

  private volatile Ending ending = Ending.NONE;
  private volatile Ending waitingFor = Ending.CONNECT_TIMEOUT;
  private volatile long lastReadNanos = startNanos;

  UpstreamReply(
      Upstream upstream,
      byte[] request,
      UpstreamCodec codec,
      AnswerReader reader,
      String model,
      boolean stream) {
    this.upstream = upstream;
    this.request = request;
    this.codec = codec;
    this.reader = reader;
    this.stream = stream;
    this.failures = new UpstreamFailures(upstream, model);
  }

  /**
   * Sends the request if that has not been done, waits for more of the answer, and tells it.
   *
   * @return whether there is more to come
   */
  public boolean read(Consumer<AnswerEvent> sink) throws UpstreamException {
    try {
      if (body == null) {
        begin();
      }
      ResponseBody from = body;
      if (from == null || head == null) {
        throw new IllegalStateException("the exchange has begun");
      }
      if (head.status() / 100 != 2) {
        byte[] said = whole(from, MAX_ERROR_BYTES, false);
        throw failures.status(codec.error(head.status(), said), head);
      }
      if (head.contentType().startsWith("text/event-stream")) {
        readEvents(from, sink, false);
      } else if (head.contentType().startsWith("application/x-ndjson")) {
        readEvents(from, sink, true);
      } else {
        reader.body(whole(from, MAX_BODY_BYTES, true), sink);
      }
      return !reader.complete();
    } catch (IOException e) {
      throw failures.io(e, ending, told || body != null);
    } catch (ApiException e) {
      throw failures.unusable(e.error());
    }
  }

  /** Whether any part of the answer has been told. */
  public boolean told() {
    return told;
  }

  private void readEvents(ResponseBody from, Consumer<AnswerEvent> sink, boolean lines)
      throws IOException, ApiException {
    EventBuffer buffer = events;
    if (buffer == null) {
      buffer = lines ? EventBuffer.ofLines(MAX_EVENT_BYTES) : new EventBuffer(MAX_EVENT_BYTES);
      events = buffer;
    }
    do {
      buffer.reserve(READ_BYTES);
      int count = from.read(buffer.bytes(), buffer.end(), buffer.bytes().length - buffer.end());
      if (count < 0) {
        reader.end(sink);
        return;
      }
      buffer.added(count);
      while (buffer.next()) {
        reader.event(buffer.name(), buffer.data(), buffer.dataFrom(), buffer.dataTo(), sink);
        told = true;
        waitingFor = Ending.IDLE_TIMEOUT;
      }
    } while (from.hasBuffered() && !reader.complete());
    lastReadNanos = System.nanoTime();
  }

  private void begin() throws IOException {
    upstream.deadlines().watch(this);
    Connection reused = upstream.pool().take(startNanos);
    if (reused != null) {
      try {
        exchange(reused);
        return;
      } catch (IOException e) {
        reused.close();
        // A server may close an idle connection while a request is on its way: it never saw it.
        if (reused.received() || ending != Ending.NONE) {
          throw e;
        }
      }
    }
    Socket socket = new Socket();
    hold(socket);
    try {
      Connection opened =
          Connection.open(socket, upstream.address(), upstream.timeouts().connect());
      exchange(opened);
    } catch (IOException | RuntimeException e) {
      Connection.closeQuietly(socket);
      throw e;
    }
  }

  private void exchange(Connection on) throws IOException {
    hold(on);
    waitingFor = stream ? Ending.FIRST_TOKEN_TIMEOUT : Ending.TOTAL_TIMEOUT;
    on.write(request, request.length);
    ResponseHead read = ResponseHead.read(on);
    head = read;
    body = new ResponseBody(on, read);
    connection = on;
  }

  private synchronized void hold(AutoCloseable closeable) throws IOException {
    held = closeable;
    if (ending != Ending.NONE) {
      closeHeld();
      throw new IOException("ended before it began");
    }
  }

  /**
   * @param strict whether a longer body is an error rather than cut
   */
  private byte[] whole(ResponseBody from, int maxBytes, boolean strict) throws IOException {
    long expected = head == null ? 0 : head.length();
    byte[] bytes = new byte[Math.clamp(expected, READ_BYTES, maxBytes)];
    int size = 0;
    while (true) {
      if (size == bytes.length) {
        if (size == maxBytes && !strict) {
          return bytes;
        }
        bytes = Arrays.copyOf(bytes, Math.min(maxBytes + 1, 2 * size));
      }
      int count = from.read(bytes, size, bytes.length - size);
      if (count < 0) {
        return Arrays.copyOf(bytes, size);
      }
      size += count;
      if (size > maxBytes) {
        if (!strict) {
          return Arrays.copyOf(bytes, maxBytes);
        }
        throw new ProtocolException("the answer is longer than " + maxBytes + " bytes");
      }
      lastReadNanos = System.nanoTime();
    }
  }

  /** Ends it; the reading thread is told that it was cancelled. */
  public void cancel() {
    end(Ending.CANCELLED);
  }

  @Override
  public void check(long nowNanos) {
    UpstreamTimeouts most = upstream.timeouts();
    long sinceStart = nowNanos - startNanos;
    if (sinceStart > most.total().toNanos()) {
      end(Ending.TOTAL_TIMEOUT);
    } else if (waitingFor == Ending.CONNECT_TIMEOUT && sinceStart > most.connect().toNanos()) {
      end(Ending.CONNECT_TIMEOUT);
    } else if (waitingFor == Ending.FIRST_TOKEN_TIMEOUT
        && sinceStart > most.firstToken().toNanos()) {
      end(Ending.FIRST_TOKEN_TIMEOUT);
    } else if (waitingFor == Ending.IDLE_TIMEOUT
        && nowNanos - lastReadNanos > most.idle().toNanos()) {
      end(Ending.IDLE_TIMEOUT);
    }
  }

  private synchronized void end(Ending why) {
    if (ending == Ending.NONE) {
      ending = why;
      closeHeld();
    }
  }

  private void closeHeld() {
    AutoCloseable closeable = held;
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Exception _) {
      // It is gone either way.
    }
  }

  /** Gives the connection back where the answer was read to its end, or closes it. */
  @Override
  public void close() {
    upstream.deadlines().forget(this);
    Connection on = connection;
    if (on != null && ending == Ending.NONE && atEnd(on)) {
      synchronized (this) {
        held = null;
      }
      upstream.pool().give(on, System.nanoTime());
    } else {
      end(Ending.CANCELLED);
    }
    connection = null;
  }

  private boolean atEnd(Connection on) {
    if (head == null || body == null || !head.keepAlive()) {
      return false;
    }
    if (!body.ended() && reader.complete()) {
      try {
        on.limitReads(LAST_BYTES_MILLIS);
        byte[] rest = new byte[256];
        for (int i = 0; i < 4 && !body.ended(); i++) {
          int ignored = body.read(rest, 0, rest.length);
        }
        on.limitReads(0);
      } catch (IOException _) {
        return false;
      }
    }
    return body.ended() && on.buffered() == 0;
  }
}
