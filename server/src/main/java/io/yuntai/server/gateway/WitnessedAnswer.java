package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.Usage;
import io.yuntai.engine.WorkWitness;
import java.util.Optional;

/**
 * An answer of an upstream, counted where it comes in: what {@link Metering} counts where it goes
 * out is compared with this. For one reading thread, as the answer itself.
 */
final class WitnessedAnswer implements RunningAnswer {
  private final RunningAnswer inner;
  private final WorkWitness witness;
  private Usage counts;
  private boolean counted;
  private boolean told;

  /**
   * @param witness is told once
   * @param promptTokens of the prompt, until the upstream says better
   */
  WitnessedAnswer(RunningAnswer inner, WorkWitness witness, long promptTokens) {
    this.inner = inner;
    this.witness = witness;
    this.counts = Usage.ofPrompt(promptTokens);
  }

  @Override
  public AnswerEvent next() throws InterruptedException {
    AnswerEvent event = inner.next();
    switch (event) {
      case AnswerEvent.Counted(Usage usage) -> {
        counted = true;
        counts = usage;
      }
      case AnswerEvent.Delta _,
          AnswerEvent.Reasoning _,
          AnswerEvent.CallStarted _,
          AnswerEvent.CallArguments _ -> {
        if (!counted) {
          counts = onePieceMore();
        }
      }
      case AnswerEvent.Finished(Usage usage) -> {
        counts = usage;
        tell();
      }
      case AnswerEvent.Failed _ -> tell();
      case AnswerEvent.Started _, AnswerEvent.ReasoningSigned _, AnswerEvent.ChoiceFinished _ -> {}
    }
    return event;
  }

  private Usage onePieceMore() {
    return new Usage(
        counts.promptTokens(),
        counts.cachedPromptTokens(),
        counts.completionTokens() + 1,
        counts.reasoningTokens(),
        counts.cacheWriteTokens());
  }

  private void tell() {
    if (!told) {
      told = true;
      long cached = Math.clamp(counts.cachedPromptTokens(), 0, Math.max(0, counts.promptTokens()));
      witness.ended(
          new WorkWitness.Work(
              Math.clamp(counts.promptTokens() - cached, 0, Integer.MAX_VALUE),
              Math.clamp(cached, 0, Integer.MAX_VALUE),
              Math.clamp(counts.completionTokens(), 0, Integer.MAX_VALUE)));
    }
  }

  @Override
  public AnswerHead head() {
    return inner.head();
  }

  @Override
  public boolean hasReady() {
    return inner.hasReady();
  }

  @Override
  public Optional<PromptProgress> progress() {
    return inner.progress();
  }

  @Override
  public Optional<String> stopNote() {
    return inner.stopNote();
  }

  @Override
  public long cancelledCachedTokens() {
    long cached = inner.cancelledCachedTokens();
    tell();
    return cached;
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
    inner.close();
    tell();
  }
}
