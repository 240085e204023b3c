package io.yuntai.console.chat;

import io.yuntai.console.markdown.Markdown;
import io.yuntai.console.markdown.MarkdownStream;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.ChatMessage.AnswerFacts;
import io.yuntai.ledger.threads.MessageEnd;
import io.yuntai.ledger.threads.MessageState;
import io.yuntai.ledger.threads.Messages;
import io.yuntai.server.energy.EnergyShare;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.gateway.RunningAnswer.PromptProgress;
import io.yuntai.server.runs.RunTask;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer on its way into a thread. What comes is kept and then shown to readers, some times a
 * second, also where nothing more comes: what somebody has read is there after a crash. Only while
 * the database is away it is shown without. One thread works; {@link #stop} and {@link #pulse} may
 * come from any.
 */
final class RunningMessage {
  private static final Logger LOG = LoggerFactory.getLogger(RunningMessage.class);
  private static final long SHOW_NANOS = 80_000_000;

  /** After the database refused; so long the answer is shown, but not kept. */
  private static final long REFUSED_NANOS = 5_000_000_000L;

  /** Long blocks are shown less often: a reader's line has to carry all of them again. */
  private static final int CHARS_PER_SHOW = 3_000;

  /** So are long answers: the database has to write all of them again. */
  private static final int CHARS_PER_KEEP = 20_000;

  private final ChatPerson person;
  private final ChatMessage message;
  private final RunningAnswer answer;
  private final Messages messages;
  private final Optional<EnergyShare> energy;
  private final MarkdownStream blocks;
  private final long begunNanos = System.nanoTime();

  /** Held while what follows is changed or read. */
  private final ReentrantLock lock = new ReentrantLock();

  private final StringBuilder thoughts = new StringBuilder();
  private Optional<RunTask.Output> output = Optional.empty();
  private boolean ended;
  private int thoughtsShown;
  private Usage usage = new Usage(0, 0, 0, 0);
  private FinishReason finish = FinishReason.STOP;
  private Optional<ApiError> failure = Optional.empty();
  private long firstNanos;
  private long lastNanos;
  private long shownNanos;
  private int keptChars;
  private long refusedNanos = System.nanoTime() - REFUSED_NANOS;
  private volatile boolean stopped;

  /**
   * @param message what it is from now on; its text is the beginning, where it is continued
   * @param energy what it takes of the machine's; empty where nobody measures
   */
  RunningMessage(
      ChatPerson person,
      ChatMessage message,
      RunningAnswer answer,
      Messages messages,
      Optional<EnergyShare> energy,
      Markdown markdown) {
    this.energy = energy;
    this.person = person;
    this.message = message;
    this.answer = answer;
    this.messages = messages;
    this.blocks = new MarkdownStream(markdown);
    blocks.add(message.text());
    thoughts.append(message.thoughts());
    keptChars = chars();
  }

  private int chars() {
    return blocks.length() + thoughts.length();
  }

  /** The message's row. */
  long id() {
    return message.id();
  }

  /** The person wants no more of it. */
  void stop() {
    stopped = true;
    answer.cancel();
  }

  /** How far its prompt has been read. */
  Optional<PromptProgress> progress() {
    return answer.progress();
  }

  /** Works to the end. */
  void work(RunTask.Output log) throws InterruptedException {
    begin(log);
    boolean over = false;
    try {
      while (!over && !stopped) {
        AnswerEvent event = answer.next();
        lock.lock();
        try {
          over = take(event);
          if (!answer.hasReady()) {
            tell();
          }
        } finally {
          lock.unlock();
        }
      }
    } finally {
      // What it costs is known once it is closed.
      answer.close();
      end(log);
    }
  }

  private void begin(RunTask.Output log) {
    lock.lock();
    try {
      output = Optional.of(log);
      show(log);
    } finally {
      lock.unlock();
    }
  }

  /** A few times a second: what came last is shown and kept though nothing follows it. */
  void pulse() {
    lock.lock();
    try {
      if (!ended) {
        energy.ifPresent(EnergyShare::look);
      }
      tell();
    } finally {
      lock.unlock();
    }
  }

  private void tell() {
    long now = System.nanoTime();
    if (ended || output.isEmpty()) {
      return;
    }
    if (now - shownNanos > pauseNanos()) {
      keep(now);
      show(output.get());
    }
  }

  private boolean take(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Delta delta -> {
        said();
        blocks.add(delta.text());
      }
      case AnswerEvent.Reasoning more -> {
        said();
        thoughts.append(more.text());
      }
      case AnswerEvent.ChoiceFinished end -> finish = end.reason();
      case AnswerEvent.Counted(Usage counts) -> usage = counts;
      case AnswerEvent.Finished(Usage counts) -> {
        usage = counts;
        return true;
      }
      case AnswerEvent.Failed(ApiError error) -> {
        failure = Optional.of(error);
        return true;
      }
      case AnswerEvent.Started _,
          AnswerEvent.ReasoningSigned _,
          AnswerEvent.CallStarted _,
          AnswerEvent.CallArguments _ -> {}
    }
    return false;
  }

  private void said() {
    lastNanos = System.nanoTime();
    if (firstNanos == 0) {
      firstNanos = lastNanos;
    }
  }

  private long pauseNanos() {
    return SHOW_NANOS * (1 + blocks.lastPatchChars() / CHARS_PER_SHOW + chars() / CHARS_PER_KEEP);
  }

  private void show(RunTask.Output log) {
    shownNanos = System.nanoTime();
    var patches = blocks.patches();
    String more = thoughts.substring(thoughtsShown);
    thoughtsShown = thoughts.length();
    if (!patches.isEmpty() || !more.isEmpty()) {
      // A log that is full loses nothing: the message itself is kept.
      log.append(AnswerEvents.patch(patches, more));
    }
  }

  private void keep(long now) {
    if (chars() == keptChars || now - refusedNanos < REFUSED_NANOS) {
      return;
    }
    try {
      messages.progress(person.owner(), message.id(), blocks.text(), thoughts.toString());
      keptChars = chars();
    } catch (DatabaseException e) {
      refusedNanos = now;
      LOG.warn("message {} is not kept now: {}", message.id(), e.getMessage());
    }
  }

  private void end(RunTask.Output log) {
    lock.lock();
    try {
      ended = true;
      energy.ifPresent(EnergyShare::look);
      MessageEnd end = ending();
      messages.end(person.owner(), message.id(), end);
      log.append(AnswerEvents.patch(blocks.finish(), thoughts.substring(thoughtsShown)));
      log.append(AnswerEvents.end(end.state().label()));
    } catch (DatabaseException e) {
      LOG.error("the end of message {} could not be kept: {}", message.id(), e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  private MessageEnd ending() {
    String reason = "";
    String note = "";
    MessageState state = MessageState.COMPLETE;
    if (stopped) {
      state = MessageState.STOPPED;
    } else if (failure.isPresent()) {
      ApiError error = failure.get();
      reason = error.code().orElse(error.type());
      note = error.message();
      state = reason.equals("server_stopping") ? MessageState.INTERRUPTED : MessageState.FAILED;
    } else if (answer.stopNote().isPresent()) {
      reason = answer.stopNote().get();
    } else if (finish != FinishReason.STOP) {
      reason = finish == FinishReason.LENGTH ? "length" : "content_filter";
    }
    return new MessageEnd(blocks.text(), thoughts.toString(), state, reason, note, facts());
  }

  private AnswerFacts facts() {
    AnswerFacts before = message.facts();
    Optional<RunningAnswer.Charged> charged = answer.charged();
    long firstMillis = firstNanos == 0 ? 0 : (firstNanos - begunNanos) / 1_000_000;
    long millis = firstNanos == 0 ? 0 : (lastNanos - firstNanos) / 1_000_000;
    return new AnswerFacts(
        before.model(),
        before.parameters(),
        before.inputTokens() + usage.promptTokens(),
        before.cachedTokens() + usage.cachedPromptTokens(),
        before.outputTokens() + usage.completionTokens(),
        before.priceNanos() + charged.map(RunningAnswer.Charged::amountNanos).orElse(0L),
        charged.isPresent() ? person.currency() : before.currency(),
        charged.map(RunningAnswer.Charged::requestId).or(before::requestId),
        before.firstMillis() == 0 ? firstMillis : before.firstMillis(),
        before.millis() + millis,
        energy(before.energyMillijoules()));
  }

  private OptionalLong energy(OptionalLong before) {
    OptionalLong now = energy.map(EnergyShare::millijoules).orElse(OptionalLong.empty());
    return now.isPresent() ? OptionalLong.of(before.orElse(0) + now.getAsLong()) : before;
  }
}
