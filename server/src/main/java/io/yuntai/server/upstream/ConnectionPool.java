package io.yuntai.server.upstream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one upstream that wait for their next request, the last used first. Safe for use
 * by many threads.
 */
final class ConnectionPool implements AutoCloseable {
  /** Servers close idle connections after 5 s (uvicorn, thus vLLM) or more; we do so before. */
  private static final long MAX_IDLE_NANOS = Duration.ofSeconds(4).toNanos();

  /** A connection that has been idle for less is believed to be open. */
  private static final long TRUSTED_IDLE_NANOS = Duration.ofSeconds(1).toNanos();

  private final int maxIdle;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  ConnectionPool(int maxIdle) {
    this.maxIdle = maxIdle;
  }

  /** One that is open as far as anyone knows; null where there is none. */
  @Nullable Connection take(long nowNanos) {
    while (true) {
      Connection connection;
      lock.lock();
      try {
        connection = idle.pollFirst();
      } finally {
        lock.unlock();
      }
      if (connection == null) {
        return null;
      }
      long idleNanos = nowNanos - connection.idleSinceNanos();
      if (idleNanos < TRUSTED_IDLE_NANOS || (idleNanos < MAX_IDLE_NANOS && !connection.stale())) {
        return connection;
      }
      connection.close();
    }
  }

  /** Keeps a connection for the next request, or closes it and the ones that are idle too long. */
  void give(Connection connection, long nowNanos) {
    connection.idle(nowNanos);
    @Nullable Connection over = null;
    lock.lock();
    try {
      if (closed) {
        over = connection;
      } else {
        idle.addFirst(connection);
        Connection oldest = idle.getLast();
        if (idle.size() > maxIdle || nowNanos - oldest.idleSinceNanos() > MAX_IDLE_NANOS) {
          over = idle.removeLast();
        }
      }
    } finally {
      lock.unlock();
    }
    if (over != null) {
      over.close();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      idle.forEach(Connection::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
