package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.Running;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The requests that are being answered: at most so many, and none any more at the end. Safe for use
 * by many threads.
 */
public final class InFlight {
  private final int max;
  private final Semaphore places;
  private final Set<Running> answers = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile boolean ending;

  /**
   * @param max most requests at once
   */
  public InFlight(int max) {
    this.max = max;
    this.places = new Semaphore(max);
  }

  /** A request's place; closed when it has been answered. */
  final class Place implements AutoCloseable {
    private Place() {}

    @Override
    public void close() {
      places.release();
    }
  }

  /** An answer that is being generated; closed when it is complete. */
  public final class Listed implements AutoCloseable {
    private final Running answer;

    private Listed(Running answer) {
      this.answer = answer;
    }

    @Override
    public void close() {
      answers.remove(answer);
    }
  }

  /** Most requests at once. */
  public int max() {
    return max;
  }

  /** How many more may come in now. */
  public int free() {
    return places.availablePermits();
  }

  /** Whether new requests are refused. */
  public boolean refusing() {
    return refusing;
  }

  /**
   * A place for a request.
   *
   * @throws ApiException 503 when all are taken or the server is stopping
   */
  Place enter() throws ApiException {
    if (refusing) {
      throw new ApiException(
          ApiError.unavailable("server_stopping", "The server is stopping; ask again later.", 5));
    }
    if (!places.tryAcquire()) {
      throw new ApiException(
          ApiError.unavailable(
              "server_overloaded",
              "The server answers %d requests already, as many as it may; try again shortly."
                  .formatted(max),
              1));
    }
    return new Place();
  }

  /** Lists an answer, so that it is told when the server can wait no longer. */
  public Listed list(Running answer) {
    answers.add(answer);
    if (ending) {
      answer.tellStopping();
    }
    return new Listed(answer);
  }

  /** How many answers are being generated. */
  public int answers() {
    return answers.size();
  }

  /** Lets nobody in any more. */
  void refuse() {
    refusing = true;
  }

  /** Whether all have been answered within this time. */
  boolean awaitNone(Duration most) throws InterruptedException {
    if (!places.tryAcquire(max, most.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    places.release(max);
    return true;
  }

  /** Tells all that are left that the server is stopping. */
  void tellStopping() {
    ending = true;
    answers.forEach(Running::tellStopping);
  }
}
