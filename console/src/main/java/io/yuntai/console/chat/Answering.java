package io.yuntai.console.chat;

import io.yuntai.console.markdown.Markdown;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.MessageEnd;
import io.yuntai.ledger.threads.MessageState;
import io.yuntai.ledger.threads.Messages;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.energy.EnergyShare;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.gateway.RunningAnswer.PromptProgress;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.runs.Run;
import io.yuntai.server.runs.RunLimits;
import io.yuntai.server.runs.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers on their way. Safe for use by many threads. */
final class Answering {
  /** A person may close the browser and come back: the answer goes on and is kept. */
  private static final RunLimits LIMITS =
      new RunLimits(
          16 << 20, 32L << 20, 128L << 20, 64, Duration.ofMinutes(2), Duration.ofHours(12));

  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
  private static final Duration PULSE = Duration.ofMillis(250);
  private static final int BEATS_PER_SIGN = 8;

  private final ConsoleServices services;
  private final Messages messages;
  private final Runs runs;
  private final Map<Long, Entry> running = new ConcurrentHashMap<>();
  private final Thread pulse;
  private volatile boolean closed;

  private record Entry(Run run, RunningMessage message) {}

  Answering(ConsoleServices services, Messages messages) {
    this.services = services;
    this.messages = messages;
    this.runs = new Runs(LIMITS, services.random(), services.clock());
    this.pulse = Thread.ofVirtual().name("chat-pulse").start(this::keepAlive);
  }

  /**
   * Shows and keeps what came last of answers that fall silent, and gives signs of life, so that
   * what is left of a process that is gone can be told from a long silence.
   */
  private void keepAlive() {
    for (long beat = 0; !closed; beat++) {
      LockSupport.parkNanos(this, PULSE.toNanos());
      List<Entry> alive =
          running.values().stream()
              .filter(entry -> entry.run().status() == Run.Status.RUNNING)
              .toList();
      alive.forEach(entry -> entry.message().pulse());
      if (beat % BEATS_PER_SIGN == 0 && !alive.isEmpty()) {
        sign(alive.stream().map(entry -> entry.message().id()).toList());
      }
    }
  }

  private void sign(List<Long> ids) {
    try {
      messages.alive(ids);
    } catch (DatabaseException e) {
      LOG.debug("no signs of life now", e);
    }
  }

  /** Ends the signs of life; answers end with the server. */
  void close() {
    closed = true;
    LockSupport.unpark(pulse);
  }

  /**
   * Begins to answer. What is refused is told in the thread.
   *
   * @param message running, with what it already says
   * @param markdown in the person's language
   */
  void begin(ChatPerson person, ChatMessage message, ChatRequest request, Markdown markdown) {
    try {
      RunningAnswer answer = services.gateway().start(request, person.principal());
      boolean begun = false;
      try {
        start(person, message, answer, markdown);
        begun = true;
      } finally {
        if (!begun) {
          answer.close();
        }
      }
    } catch (ApiException refusal) {
      refused(person, message, refusal.error());
    }
  }

  private void start(
      ChatPerson person, ChatMessage message, RunningAnswer answer, Markdown markdown)
      throws ApiException {
    RunningMessage work =
        new RunningMessage(person, message, answer, messages, energy(message), markdown);
    runs.sweep();
    running.values().removeIf(entry -> isForgotten(person, entry));
    Run run =
        runs.start(
            person.principal().id(),
            request(message),
            true,
            answer,
            output -> {
              try (InFlight.Listed _ = services.inFlight().list(answer)) {
                work.work(output);
              }
            });
    running.put(message.id(), new Entry(run, work));
  }

  /** What another server draws nobody here knows. */
  private Optional<EnergyShare> energy(ChatMessage message) {
    return services
        .energy()
        .filter(_ -> services.models().find(message.facts().model()).isPresent())
        .map(meter -> new EnergyShare(meter, services.inFlight()::answers));
  }

  private static String request(ChatMessage message) {
    return message.facts().model();
  }

  private boolean isForgotten(ChatPerson person, Entry entry) {
    if (entry.run().status() == Run.Status.RUNNING) {
      return false;
    }
    try {
      return runs.find(person.principal().id(), entry.run().id()) != entry.run();
    } catch (ApiException _) {
      return true;
    }
  }

  /** The thread says why; what had come before stays. */
  private void refused(ChatPerson person, ChatMessage message, ApiError error) {
    messages.end(
        person.owner(),
        message.id(),
        new MessageEnd(
            message.text(),
            message.thoughts(),
            MessageState.FAILED,
            error.code().orElse(error.type()),
            error.message(),
            message.facts()));
  }

  /** The run of a message; empty where none is known any more. */
  Optional<Run> run(ChatPerson person, long messageId) {
    Entry entry = running.get(messageId);
    if (entry == null || isForgotten(person, entry)) {
      return Optional.empty();
    }
    return Optional.of(entry.run());
  }

  /** Whether this process works for a message. */
  boolean isRunning(long messageId) {
    Entry entry = running.get(messageId);
    return entry != null && entry.run().status() == Run.Status.RUNNING;
  }

  /** How far a message's prompt has been read; empty once something was said. */
  Optional<PromptProgress> progress(long messageId) {
    Entry entry = running.get(messageId);
    return entry == null || entry.run().size() > 0 ? Optional.empty() : entry.message().progress();
  }

  /** Ends an answer before its time. Without effect on one that has ended. */
  void stop(long messageId) {
    Entry entry = running.get(messageId);
    if (entry != null) {
      entry.message().stop();
    }
  }
}
