package io.yuntai.console.requests;

import io.yuntai.console.page.Visit;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.texts.KeptText;
import io.yuntai.server.auth.SessionPrincipals;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.texts.KeptRequests;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that are asked again, by a person who is signed in: with the person's own rights, from
 * the person's and the tenant's budgets, and logged as any other. Safe for use by many threads.
 */
final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
  private static final int MOST_AT_ONCE = 32;
  private static final int ID_BYTES = 12;

  /** The log has a request within moments of its end, or never. */
  private static final Duration AWAITED = Duration.ofMinutes(1);

  private static final long RUNNING = Long.MAX_VALUE;

  private final ConsoleServices services;
  private final SessionPrincipals principals;
  private final Map<String, Long> endedNanos = new ConcurrentHashMap<>();

  Replays(ConsoleServices services) {
    this.services = services;
    this.principals = new SessionPrincipals(new Transactions(services.admin().database()));
  }

  /**
   * Begins to ask again.
   *
   * @param model another one; empty for the same
   * @return the new request's id, under which the log has it when it has ended
   * @throws ApiException why it can't be asked
   */
  String start(Visit visit, KeptText text, String model) throws ApiException {
    endedNanos.values().removeIf(Replays::isPast);
    if (endedNanos.values().stream().filter(at -> at == RUNNING).count() >= MOST_AT_ONCE) {
      throw new ApiException(
          ApiError.tooMany(
              "%d requests are being asked again already: wait for one to end."
                  .formatted(MOST_AT_ONCE),
              5));
    }
    Principal asker = principals.member(visit.session(), visit.tenantName()).principal();
    ModelRequest kept = KeptRequests.read(text);
    ModelRequest request = model.isEmpty() ? kept : kept.withModel(model);
    String id = newId();
    RequestTimeline timeline = RequestTimeline.current().beside(id);
    try {
      RunningAnswer answer = timeline.within(() -> services.gateway().start(request, asker));
      timeline.answered(200);
      endedNanos.put(id, RUNNING);
      Thread _ = Thread.ofVirtual().name("replay " + id).start(() -> read(id, answer, timeline));
      return id;
    } catch (ApiException refusal) {
      timeline.failed(refusal.error());
      timeline.close();
      throw refusal;
    }
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    services.random().nextBytes(id);
    return "req_" + HexFormat.of().formatHex(id);
  }

  /** Its words are kept with the request, as the tenant wants it. */
  private void read(String id, RunningAnswer answer, RequestTimeline timeline) {
    try (timeline;
        RunningAnswer open = answer;
        InFlight.Listed _ = services.inFlight().list(answer)) {
      AnswerEvent event;
      do {
        event = open.next();
      } while (!(event instanceof AnswerEvent.Finished || event instanceof AnswerEvent.Failed));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("{} broke off", id, e);
    } finally {
      endedNanos.put(id, System.nanoTime());
    }
  }

  /** Whether a request that the log does not have is one that it will have soon. */
  boolean isAwaited(String id) {
    Long ended = endedNanos.get(id);
    return ended != null && !isPast(ended);
  }

  private static boolean isPast(long ended) {
    return ended != RUNNING && System.nanoTime() - ended > AWAITED.toNanos();
  }
}
