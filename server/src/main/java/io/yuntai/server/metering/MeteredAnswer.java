package io.yuntai.server.metering;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.leases.Outcome;
import io.yuntai.ledger.node.NodeThreads;
import io.yuntai.ledger.node.TokenMeter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.Stage;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import java.util.Queue;

/**
 * An answer whose tokens are counted as they are handed out. Whoever reads sends what it has read
 * whenever nothing more is ready; so a further call of {@link #next} says that all before was sent.
 */
final class MeteredAnswer implements RunningAnswer {
  private final RunningAnswer inner;
  private final TokenMeter meter;
  private final NodeThreads ledger;
  private final int choices;
  private final Queue<AnswerEvent> last = new ArrayDeque<>();
  private final BitSet started = new BitSet();
  private final BitSet finished = new BitSet();

  /** The counts of what was handed out; of an upstream that does not count, by its pieces. */
  private Usage counts;

  /** What is to be paid, once that is known. */
  private MeteredTokens paid = MeteredTokens.NONE;

  private boolean counting;
  private boolean ended;
  private boolean stopped;

  MeteredAnswer(RunningAnswer inner, TokenMeter meter, NodeThreads ledger, int choices) {
    this.inner = inner;
    this.meter = meter;
    this.ledger = ledger;
    this.choices = choices;
    MeteredTokens prompt = meter.handedOut();
    this.counts = Usage.ofPrompt(prompt.inputLength());
  }

  @Override
  public AnswerHead head() {
    return inner.head();
  }

  @Override
  public Optional<PromptProgress> progress() {
    return inner.progress();
  }

  @Override
  public Optional<String> stopNote() {
    return stopped ? Optional.of("budget") : Optional.empty();
  }

  @Override
  public boolean hasReady() {
    return !last.isEmpty() || (!ended && inner.hasReady());
  }

  @Override
  public AnswerEvent next() throws InterruptedException {
    if (last.isEmpty()) {
      if (!inner.hasReady()) {
        meter.flushed();
      }
      take(inner.next());
    }
    return last.remove();
  }

  private void take(AnswerEvent event) throws InterruptedException {
    switch (event) {
      case AnswerEvent.Counted(Usage usage) -> {
        counting = true;
        pass(event, usage);
      }
      case AnswerEvent.Started(int choice) -> {
        started.set(choice);
        last.add(event);
      }
      case AnswerEvent.Delta _,
          AnswerEvent.Reasoning _,
          AnswerEvent.CallStarted _,
          AnswerEvent.CallArguments _ ->
          pass(event, counting ? counts : onePieceMore(event));
      case AnswerEvent.ReasoningSigned _ -> last.add(event);
      case AnswerEvent.ChoiceFinished done -> {
        finished.set(done.choice());
        last.add(event);
      }
      case AnswerEvent.Finished(Usage usage) -> finish(usage);
      case AnswerEvent.Failed _ -> {
        ended = true;
        breakOff(UsageStatus.FAILED, meter.handedOut());
        last.add(event);
      }
    }
  }

  private Usage onePieceMore(AnswerEvent event) {
    return new Usage(
        counts.promptTokens(),
        counts.cachedPromptTokens(),
        counts.completionTokens() + 1,
        counts.reasoningTokens() + (event instanceof AnswerEvent.Reasoning ? 1 : 0),
        counts.cacheWriteTokens());
  }

  /** Hands an event out, if its tokens can be paid. */
  private void pass(AnswerEvent event, Usage usage) throws InterruptedException {
    long generated = usage.completionTokens();
    TokenMeter.Step step = meter.step(generated);
    if (step == TokenMeter.Step.EXTEND) {
      extend(generated);
      step =
          generated <= meter.request().allowedTokens()
              ? TokenMeter.Step.PASS
              : TokenMeter.Step.STOP;
    }
    if (step == TokenMeter.Step.STOP) {
      stop();
    } else {
      counts = usage;
      meter.handedOut(MeteredCounts.of(usage));
      last.add(event);
    }
  }

  /** Until the tokens are paid or no more is to be had: a grant may be of a few tokens only. */
  private void extend(long generated) throws InterruptedException {
    do {
      Outcome outcome = ledger.decision(meter.request().extend(meter.nextSlice(generated)));
      if (outcome instanceof Outcome.Held) {
        meter.extended();
      } else {
        meter.exhausted();
      }
    } while (!meter.isExhausted() && generated > meter.request().allowedTokens());
  }

  /** The budget ends here, and so does the answer. */
  private void stop() throws InterruptedException {
    inner.cancel();
    stopped = true;
    for (int choice = 0; choice < choices; choice++) {
      if (!started.get(choice)) {
        last.add(new AnswerEvent.Started(choice));
      }
      if (!finished.get(choice)) {
        last.add(new AnswerEvent.ChoiceFinished(choice, FinishReason.LENGTH));
      }
    }
    end(UsageStatus.BUDGET_STOPPED, charged(MeteredCounts.of(counts)));
    last.add(new AnswerEvent.Finished(counts));
  }

  /**
   * An end token comes without an event of its own, and upstreams may count more than pieces. What
   * is held pays by the true counts of the prompt, which may be far less than was allowed for.
   */
  private void finish(Usage usage) throws InterruptedException {
    long needed = meter.request().tokensToPay(MeteredCounts.of(usage));
    if (needed > meter.request().allowedTokens()) {
      extend(needed);
    }
    Usage paid =
        needed <= meter.request().allowedTokens()
            ? usage
            : atMost(usage, meter.request().allowedTokens());
    boolean whole = paid.completionTokens() == usage.completionTokens();
    end(whole ? UsageStatus.COMPLETED : UsageStatus.BUDGET_STOPPED, MeteredCounts.of(paid));
    last.add(new AnswerEvent.Finished(paid));
  }

  /** What could not be paid is the operator's. */
  private static Usage atMost(Usage usage, long allowedTokens) {
    long completion = Math.min(usage.completionTokens(), allowedTokens);
    return new Usage(
        usage.promptTokens(),
        usage.cachedPromptTokens(),
        completion,
        Math.min(usage.reasoningTokens(), completion),
        usage.cacheWriteTokens());
  }

  private void end(UsageStatus status, MeteredTokens tokens) throws InterruptedException {
    ended = true;
    paid = tokens;
    RequestTimeline timeline = RequestTimeline.current();
    timeline.begin(Stage.SETTLE);
    try {
      ledger.ended(meter.completed(status, tokens));
    } finally {
      timeline.end(Stage.SETTLE);
    }
  }

  private void breakOff(UsageStatus status, MeteredTokens received) {
    MeteredTokens charged = charged(received);
    // What nothing came of is not charged.
    paid = charged.generated() == 0 ? MeteredTokens.NONE : charged;
    meter.brokenOff(status, charged);
  }

  @Override
  public Optional<Charged> charged() {
    return ended
        ? Optional.of(new Charged(meter.request().id(), meter.request().amountNanos(paid)))
        : Optional.empty();
  }

  @Override
  public void cancel() {
    inner.cancel();
  }

  @Override
  public void tellStopping() {
    inner.tellStopping();
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      breakOff(UsageStatus.CANCELLED, meter.acknowledged());
    }
    inner.close();
  }

  /** An engine says only at the end what it found in its cache. */
  private MeteredTokens charged(MeteredTokens received) {
    long cached = received.generated() == 0 ? 0 : inner.cancelledCachedTokens();
    int hit = (int) Math.min(cached, received.input());
    return new MeteredTokens(
        received.input() - hit,
        received.cacheHit() + hit,
        received.cacheWrite(),
        received.output(),
        received.reasoning());
  }
}
