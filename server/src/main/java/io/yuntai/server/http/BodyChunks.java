package io.yuntai.server.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The pieces of a request's body as they come. For one thread at a time. */
final class BodyChunks {
  private final Request request;
  private final Semaphore arrived = new Semaphore(0);

  /** Jetty takes one demand at a time, and a wait that ran out leaves its own behind. */
  private boolean demanded;

  BodyChunks(Request request) {
    this.request = request;
  }

  /** What {@code Content-Length} says; -1 where it says nothing. */
  long announcedBytes() {
    return request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
  }

  /**
   * Waits for the next piece, which the caller releases.
   *
   * @param deadlineNanos point of {@link System#nanoTime()} at which waiting ends
   * @return null when nothing came until then
   */
  Content.@Nullable Chunk next(long deadlineNanos) throws InterruptedException {
    while (true) {
      Content.Chunk chunk = demanded ? null : request.read();
      if (chunk != null) {
        return chunk;
      }
      if (!demanded) {
        demanded = true;
        request.demand(arrived::release);
      }
      if (!arrived.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return null;
      }
      demanded = false;
    }
  }
}
