package io.yuntai.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client was answered before it had sent its whole request. Closed at
 * once, with bytes unread, the kernel would reset it, and a reset throws away what the client has
 * not read yet: the answer. So the sending side closes first, and what still comes is dropped until
 * the client has seen that and leaves (RFC 9112, section 9.6).
 */
final class LingeringClose {
  /** A client that still sends has read its answer by then, or never will. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A client that sends nothing loses nothing by a close. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int PIECE_BYTES = 8 << 10;

  private LingeringClose() {}

  /** What still comes. */
  private interface Rest {
    /**
     * Waits for a piece and drops it.
     *
     * @param deadlineNanos point of {@link System#nanoTime()} at which waiting ends
     * @return whether more may come
     */
    boolean drop(long deadlineNanos) throws InterruptedException;
  }

  /**
   * For a request whose body can be read. Returns when the connection may close without loss, or is
   * no longer worth waiting for.
   */
  static void linger(EndPoint endPoint, BodyChunks chunks) throws InterruptedException {
    linger(endPoint, deadlineNanos -> drop(chunks.next(deadlineNanos)));
  }

  /** The same for what was not even a request, on an end point that nobody else reads from. */
  static void linger(EndPoint endPoint) throws InterruptedException {
    ByteBuffer piece = BufferUtil.allocate(PIECE_BYTES);
    linger(endPoint, deadlineNanos -> drop(endPoint, piece, deadlineNanos));
  }

  private static void linger(EndPoint endPoint, Rest rest) throws InterruptedException {
    endPoint.shutdownOutput();
    long deadlineNanos = System.nanoTime() + MOST_NANOS;
    boolean more = true;
    while (more) {
      long nowNanos = System.nanoTime();
      more =
          nowNanos - deadlineNanos < 0
              && rest.drop(Math.min(deadlineNanos, nowNanos + SILENCE_NANOS));
    }
  }

  private static boolean drop(Content.@Nullable Chunk chunk) {
    if (chunk == null || Content.Chunk.isFailure(chunk)) {
      return false;
    }
    chunk.release();
    return !chunk.isLast();
  }

  private static boolean drop(EndPoint endPoint, ByteBuffer piece, long deadlineNanos)
      throws InterruptedException {
    Semaphore arrived = new Semaphore(0);
    if (!endPoint.tryFillInterested(Callback.from(arrived::release))
        || !arrived.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      BufferUtil.clear(piece);
      return endPoint.fill(piece) >= 0;
    } catch (IOException _) {
      return false; // The client has left.
    }
  }
}
