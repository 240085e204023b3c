package io.yuntai.console.chat;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.MessageState;
import io.yuntai.server.api.RunReader;
import io.yuntai.server.gateway.RunningAnswer.PromptProgress;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.runs.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * An answer's events: each once, from the first or behind {@code Last-Event-ID}, as long as the run
 * is known. Of an answer that has ended and whose run is forgotten, only the end is told: the page
 * fetches the message then.
 */
final class EventsEndpoint {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int MOST_LOOKS = 30;
  private static final Duration STANDING = Duration.ofSeconds(2);

  private final ChatDesk desk;

  EventsEndpoint(ChatDesk desk) {
    this.desk = desk;
  }

  Endpoint endpoint() {
    return new Endpoint(
        "GET", ThreadPages.THREAD + "/messages/{message}/events", Audience.MEMBER, this::events);
  }

  private void events(Visit visit, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    ChatPerson person = desk.person(visit);
    UUID thread = ThreadPages.id(visit, "thread");
    long id = MessagePages.number(visit.place("message"));
    ChatMessage message = desk.message(person, thread, id);
    Optional<Run> run = desk.answering().run(person, id);
    if (run.isPresent()) {
      read(visit, run.get(), from(visit, exchange), new Silence(id), exchange);
    } else {
      tellEnd(person, thread, message, exchange);
    }
  }

  /** As long as the reader may: who has signed out, or is no member any more, reads no further. */
  private static void read(Visit visit, Run run, int from, Silence silence, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    Thread guard =
        Thread.ofVirtual()
            .name("chat-reader")
            .start(() -> {
              while (!gone.get() && run.status() == Run.Status.RUNNING) {
                LockSupport.parkNanos(gone, STANDING.toNanos());
                if (!gone.get() && !stands(visit)) {
                  gone.set(true);
                  run.wake();
                }
              }
            });
    try {
      RunReader.stream(run, from, silence, exchange, gone);
    } finally {
      gone.set(true);
      LockSupport.unpark(guard);
    }
  }

  private static boolean stands(Visit visit) {
    try {
      return visit.stands();
    } catch (DatabaseException _) {
      // Asked again shortly: a database that is away takes nobody's rights.
      return true;
    }
  }

  /**
   * A browser that begins anew says it in the address, one that comes back by itself in a header.
   */
  private static int from(Visit visit, Exchange exchange) throws ApiException {
    if (exchange.requestHeader(RunReader.LAST_EVENT_ID).isPresent()) {
      return RunReader.from(exchange);
    }
    String after = visit.query().text("after");
    if (!after.matches("[0-9]{0,9}")) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value", "after", "The parameter 'after' is the number of an event."));
    }
    return after.isEmpty() ? 0 : Integer.parseInt(after);
  }

  /** Another process of this database may be at work, or one that was is gone. */
  private void tellEnd(ChatPerson person, UUID thread, ChatMessage message, Exchange exchange)
      throws IOException, InterruptedException {
    ChatMessage now = message;
    for (int i = 0; now.state() == MessageState.RUNNING && i < MOST_LOOKS; i++) {
      exchange.event(": waiting\n\n".getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(LOOK);
      now = desk.message(person, thread, message.id());
    }
    if (now.state() != MessageState.RUNNING) {
      exchange.event(AnswerEvents.end(now.state().label()));
    }
    exchange.end();
  }

  /** Tells how far a long prompt is, and else that the line lives. */
  private final class Silence implements Exchange.Silence {
    private final long messageId;

    Silence(long messageId) {
      this.messageId = messageId;
    }

    @Override
    public byte[] keepAlive() {
      return ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] news() {
      Optional<PromptProgress> progress = desk.answering().progress(messageId);
      return progress
          .filter(now -> now.doneTokens() < now.promptTokens())
          .map(now -> AnswerEvents.progress(now.doneTokens(), now.promptTokens()))
          .orElse(new byte[0]);
    }
  }
}
