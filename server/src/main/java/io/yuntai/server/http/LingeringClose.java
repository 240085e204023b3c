package io.yuntai.server.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client was answered before it had sent its whole body. Closed at once,
 * with bytes unread, the kernel would reset it, and a reset throws away what the client has not
 * read yet: the answer. So the sending side closes first, and what still comes is dropped until the
 * client has seen that and leaves (RFC 9112, section 9.6).
 */
final class LingeringClose {
  /** A client that still sends has read its answer by then, or never will. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A client that sends nothing loses nothing by a close. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private LingeringClose() {}

  /** Returns when the connection may close without loss, or is no longer worth waiting for. */
  static void linger(EndPoint endPoint, BodyChunks chunks) throws InterruptedException {
    endPoint.shutdownOutput();
    long deadlineNanos = System.nanoTime() + MOST_NANOS;
    boolean more = true;
    while (more) {
      long nowNanos = System.nanoTime();
      more =
          nowNanos - deadlineNanos < 0
              && drop(chunks.next(Math.min(deadlineNanos, nowNanos + SILENCE_NANOS)));
    }
  }

  /** Whether more may come. */
  private static boolean drop(Content.@Nullable Chunk chunk) {
    if (chunk == null || Content.Chunk.isFailure(chunk)) {
      return false;
    }
    chunk.release();
    return !chunk.isLast();
  }
}
