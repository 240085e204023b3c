package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;

/**
 * Reads request bodies within bounds of size, of time and of memory for all of them together. Safe
 * for use by many threads.
 */
final class BodyReader {
  private static final int FIRST_BYTES = 8 << 10;

  private final int maxBytes;
  private final long maxMillis;
  private final long maxTotalBytes;
  private final AtomicLong totalBytes = new AtomicLong();

  BodyReader(HttpOptions options) {
    this.maxBytes = options.maxBodyBytes();
    this.maxMillis = options.bodyTimeout().toMillis();
    this.maxTotalBytes = options.maxBodiesBytes();
  }

  /** A body, which counts against the common bound until it is closed. */
  final class Body implements AutoCloseable {
    private byte[] bytes = new byte[0];
    private int size;

    byte[] toBytes() {
      return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void append(Content.Chunk chunk) throws ApiException {
      int more = chunk.remaining();
      if (more > maxBytes - size) {
        throw tooLarge();
      }
      if (more > bytes.length - size) {
        grow(Math.min(maxBytes, Math.max(FIRST_BYTES, Math.max(size + more, 2 * bytes.length))));
      }
      chunk.getByteBuffer().get(bytes, size, more);
      size += more;
    }

    private void grow(int capacity) throws ApiException {
      int more = capacity - bytes.length;
      if (totalBytes.addAndGet(more) > maxTotalBytes) {
        totalBytes.addAndGet(-more);
        throw new ApiException(
            ApiError.unavailable(
                "server_overloaded",
                "The server holds as many request bodies as it can; try again shortly.",
                1));
      }
      bytes = Arrays.copyOf(bytes, capacity);
    }

    @Override
    public void close() {
      totalBytes.addAndGet(-bytes.length);
      bytes = new byte[0];
      size = 0;
    }
  }

  /**
   * Reads a body to its end.
   *
   * @throws ApiException 413 as soon as it is known to be too long, 408 when it comes too slowly,
   *     400 when it breaks off
   */
  Body read(BodyChunks chunks) throws ApiException, InterruptedException {
    if (chunks.announcedBytes() > maxBytes) {
      throw tooLarge();
    }
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
    Body body = new Body();
    boolean complete = false;
    try {
      while (!complete) {
        Content.Chunk chunk = chunks.next(deadlineNanos);
        if (chunk == null) {
          throw tooSlow();
        }
        complete = take(chunk, body);
      }
      return body;
    } finally {
      if (!complete) {
        body.close();
      }
    }
  }

  /** Whether it was the last one. */
  private boolean take(Content.Chunk chunk, Body body) throws ApiException {
    if (Content.Chunk.isFailure(chunk)) {
      if (chunk.getFailure() instanceof TimeoutException) { // the connection idled for too long
        throw tooSlow();
      }
      throw new ApiException(
          ApiError.invalidRequest(
              400, "incomplete_body", "The request's body broke off before its end."));
    }
    try {
      body.append(chunk);
      return chunk.isLast();
    } finally {
      chunk.release();
    }
  }

  private ApiException tooSlow() {
    return new ApiException(
        ApiError.invalidRequest(
            408,
            "request_timeout",
            "The request's body did not arrive within %d ms.".formatted(maxMillis)));
  }

  private ApiException tooLarge() {
    return new ApiException(
        ApiError.invalidRequest(
            413,
            "request_too_large",
            "The request's body is longer than the %d bytes that this server takes."
                .formatted(maxBytes)));
  }
}
