package io.yuntai.console.live;

import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streams of events to pages that are looked at. Each is looked after by its request's thread,
 * tells only what has changed, and ends after a few minutes, when browsers ask again. Safe for use
 * by many threads.
 */
public final class LiveStreams {
  private static final int AT_ONCE = 500;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** A session that ended, or a role that was taken away, ends a stream within this. */
  private static final Duration STANDING = Duration.ofSeconds(2);

  private static final byte[] ALIVE = ": alive\n\n".getBytes(StandardCharsets.UTF_8);
  private static final int ALIVE_EVERY = 15;
  private static final JsonMapper JSON = new JsonMapper();

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * What a page shows now.
   *
   * @param texts by the id of the element that they stand in
   * @param parts what stands for the state of each part that is loaded again when it changes, by
   *     the part's id
   */
  public record Now(Map<String, String> texts, Map<String, String> parts) {
    /** Texts alone. */
    public static Now texts(Map<String, String> texts) {
      return new Now(texts, Map.of());
    }
  }

  /** Looks. */
  @FunctionalInterface
  public interface Look {
    /** What is to be seen now. */
    Now now() throws ApiException, InterruptedException;
  }

  /**
   * Tells a page what changes, until it leaves, or until its reader has signed out or has other
   * roles: a browser asks again then, as who its reader is now.
   *
   * @param every how often it is looked
   * @throws ApiException 503 when too many look already
   * @throws IOException when the page has left
   */
  public void follow(Visit visit, Duration every, Look look)
      throws ApiException, IOException, InterruptedException {
    Exchange exchange = visit.exchange();
    if (!places.tryAcquire()) {
      throw new ApiException(
          ApiError.unavailable("overloaded", "Too many pages are being followed already.", 10));
    }
    try {
      exchange.header("Cache-Control", "no-store");
      exchange.streamType(Exchange.EVENT_STREAM);
      tell(visit, every, look);
      exchange.end();
    } finally {
      places.release();
    }
  }

  private void tell(Visit visit, Duration every, Look look)
      throws ApiException, IOException, InterruptedException {
    Exchange exchange = visit.exchange();
    Map<String, String> texts = new HashMap<>();
    Map<String, String> parts = new HashMap<>();
    long end = System.nanoTime() + LONGEST.toNanos();
    int silent = 0;
    long asked = System.nanoTime();
    do {
      if (System.nanoTime() - asked >= STANDING.toNanos()) {
        asked = System.nanoTime();
        if (!visit.stands()) {
          return;
        }
      }
      Now now = look.now();
      Map<String, String> news = changed(texts, now.texts());
      Map<String, String> moved = changed(parts, now.parts());
      texts.putAll(now.texts());
      parts.putAll(now.parts());
      if (!news.isEmpty() || !moved.isEmpty()) {
        exchange.event(event(news, moved));
        silent = 0;
      } else if (++silent >= ALIVE_EVERY) {
        exchange.event(ALIVE);
        silent = 0;
      }
    } while (System.nanoTime() - end < 0 && !closed.await(every.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static Map<String, String> changed(Map<String, String> before, Map<String, String> now) {
    Map<String, String> news = new LinkedHashMap<>();
    now.forEach((id, value) -> {
      if (!value.equals(before.get(id))) {
        news.put(id, value);
      }
    });
    return news;
  }

  private static byte[] event(Map<String, String> texts, Map<String, String> parts) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    ObjectNode set = event.putObject("set");
    texts.forEach(set::put);
    event.set("parts", marks(parts));
    return ("data: " + JSON.writeValueAsString(event) + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Marks of what a page's parts are made from, read before they are: with it a page knows whether
   * anything has changed before its stream began, or while nobody looked and there was none.
   */
  public static String state(Now now) {
    return JSON.writeValueAsString(marks(now.parts()));
  }

  private static ObjectNode marks(Map<String, String> parts) {
    ObjectNode marks = JsonNodeFactory.instance.objectNode();
    parts.forEach((id, state) ->
        marks.put(id, UUID.nameUUIDFromBytes(state.getBytes(StandardCharsets.UTF_8)).toString()));
    return marks;
  }

  /** Ends all. */
  public void close() {
    closed.countDown();
  }
}
