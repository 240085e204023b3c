package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.runs.Run;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes what a run says to a client that may come and go. */
public final class RunReader {
  /** The header by which a client says what it has. */
  public static final String LAST_EVENT_ID = "Last-Event-ID";

  private RunReader() {}

  /**
   * Where a client that comes back wants to go on: behind the event that it had last.
   *
   * @return index of the first event that it wants; 0 where it says nothing
   * @throws ApiException 400 for what is no number of an event
   */
  public static int from(Exchange exchange) throws ApiException {
    String last = exchange.requestHeader(LAST_EVENT_ID).orElse("0").strip();
    if (!last.matches("[0-9]{1,9}")) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              LAST_EVENT_ID,
              "The header 'Last-Event-ID' is the number of the last event that came, from 1."));
    }
    return Integer.parseInt(last);
  }

  /**
   * Writes a run's events from one on, each with its number as {@code id}, until it ends.
   *
   * @param from index of the first that is wanted
   * @throws ApiException why the run failed, where nothing has been written
   * @throws IOException when the client has gone; the run goes on
   */
  public static void stream(Run run, int from, Exchange.Silence silence, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    stream(run, from, silence, exchange, new AtomicBoolean());
  }

  /**
   * The same for a reader whose right to read may end before the run does.
   *
   * @param gone set by whoever takes that right away, who then {@linkplain Run#wake() wakes} the
   *     run's readers
   * @throws IOException when the client has gone or may read no more; the run goes on
   */
  public static void stream(
      Run run, int from, Exchange.Silence silence, Exchange exchange, AtomicBoolean gone)
      throws ApiException, IOException, InterruptedException {
    try (Run.Reading _ = run.read();
        Exchange.Watch _ = exchange.watchStream(silence, leaving(run, gone))) {
      int at = from;
      while (true) {
        List<byte[]> events = run.await(at, gone::get);
        if (gone.get()) {
          throw new EOFException("the client has left");
        }
        if (events.isEmpty()) {
          break;
        }
        exchange.event(numbered(events, at + 1));
        at += events.size();
      }
      if (!exchange.begun() && run.size() == 0) {
        throw new ApiException(why(run));
      }
      exchange.end();
    }
  }

  /**
   * Waits for a run that makes one body, and writes it.
   *
   * @throws ApiException why the run failed
   * @throws IOException when the client has gone; the run goes on
   */
  static void whole(Run run, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    try (Run.Reading _ = run.read();
        Exchange.Watch _ = exchange.watch(leaving(run, gone))) {
      List<byte[]> body = run.await(0, gone::get);
      if (gone.get()) {
        throw new EOFException("the client has left");
      }
      if (body.isEmpty()) {
        throw new ApiException(why(run));
      }
      exchange.json(200, body.getFirst());
    }
  }

  private static Runnable leaving(Run run, AtomicBoolean gone) {
    return () -> {
      gone.set(true);
      run.wake();
    };
  }

  private static ApiError why(Run run) {
    return run.error()
        .orElseGet(() -> ApiError.invalidRequest(400, "run_cancelled", "The run was cancelled."));
  }

  private static byte[] numbered(List<byte[]> events, int first) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int number = first;
    for (byte[] event : events) {
      // A dialect that numbers its events has numbered them alike.
      if (!(event.length > 2 && event[0] == 'i' && event[1] == 'd' && event[2] == ':')) {
        out.writeBytes(("id: " + number + "\n").getBytes(StandardCharsets.US_ASCII));
      }
      out.writeBytes(event);
      number++;
    }
    return out.toByteArray();
  }
}
