package io.yuntai.engine.serving;

import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.FinishReason;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.decoder.KvSize;
import io.yuntai.engine.serving.StepPlan.Chunk;
import io.yuntai.engine.speculation.Speculator;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The decoder and who is on the {@link Roster}, one step at a time; the part of the engine that one
 * thread alone may touch. Has no thread or clock of its own.
 */
final class Stepper {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  /** After so many failed steps without a good one between, the decoder is not trusted any more. */
  private static final int FAILURES_UNTIL_BROKEN = 3;

  private static final int BLOCKS_CHECKED_EACH_STEP = 4096;

  private final Decoder decoder;
  private final SchedulerState.Limits limits;
  private final Consumer<ActiveSequence> onEnd;
  private final Roster roster;
  private final AnswerWriter answers;
  private final Speculator speculator;
  private final Drafting drafting;

  private final List<float[]> logitRows = new ArrayList<>();
  private int failuresInARow;
  private long completionTokens;
  private long steps;

  /**
   * @param decoder the model
   * @param tokenizer its vocabulary
   * @param options bounds, lowered to what the decoder can do
   * @param speculator who drafts
   * @param onEnd told of each sequence that has ended and holds nothing any more, before its reader
   *     is
   */
  Stepper(
      Decoder decoder,
      Tokenizer tokenizer,
      EngineOptions options,
      Speculator speculator,
      Consumer<ActiveSequence> onEnd) {
    this.decoder = decoder;
    this.speculator = speculator;
    this.onEnd = onEnd;
    limits = limits(decoder, options);
    roster =
        new Roster(
            limits,
            new KvStore(
                decoder.blocks(),
                decoder.blockTokens(),
                decoder.windowTokens(),
                decoder.windowBlocks()));
    drafting = new Drafting(speculator, limits, roster.store());
    answers = new AnswerWriter(tokenizer, decoder.vocabularySize());
  }

  /** The bounds in effect. */
  static SchedulerState.Limits limits(Decoder decoder, EngineOptions options) {
    int maxBatchTokens = Math.min(options.maxBatchTokens(), decoder.maxBatchTokens());
    int maxRunning = Math.min(options.maxConcurrent(), maxBatchTokens);
    int window = decoder.windowTokens();
    while (maxRunning > 1
        && window > 0
        && decoder.windowBlocks() < decoder.blocks()
        && KvSize.windowBlocks(window, maxRunning, maxBatchTokens) > decoder.windowBlocks()) {
      maxRunning--; // whoever has a place always finds a block for its window
    }
    return new SchedulerState.Limits(maxRunning, maxBatchTokens, decoder.blockTokens());
  }

  /** Takes a sequence in. */
  void add(ActiveSequence sequence) {
    roster.add(sequence);
  }

  boolean hasWork() {
    return !roster.isEmpty();
  }

  /** What there is and was. */
  EngineStatistics statistics(EngineStatistics.State state) {
    return new EngineStatistics(
        state,
        roster.running().size(),
        roster.waiting(),
        roster.store().blocks() - roster.store().available(),
        roster.store().cached(),
        roster.store().blocks(),
        roster.promptTokens(),
        roster.cachedPromptTokens(),
        completionTokens,
        roster.preemptions(),
        steps,
        speculator.drafted(),
        speculator.accepted());
  }

  /** Steps until the first running sequence is done at the latest, if nothing is preempted. */
  int stepsUntilAPlace() {
    int soonest = Integer.MAX_VALUE;
    for (ActiveSequence sequence : roster.running()) {
      int prefillSteps = sequence.pending() / limits.maxBatchTokens();
      soonest = Math.min(soonest, prefillSteps + sequence.remainingTokens());
    }
    return roster.running().isEmpty() ? 0 : soonest;
  }

  /**
   * Ends what is cancelled or late, then computes one step of the rest.
   *
   * @param nowNanos {@link System#nanoTime()}
   * @throws BrokenDecoderException when the decoder cannot be trusted any more; sequences remain
   */
  void step(long nowNanos) {
    endUnwanted(nowNanos);
    if (!hasWork()) {
      return;
    }
    StepPlan plan = Scheduler.plan(roster.state());
    require(!plan.chunks().isEmpty(), "a step with work computes something");
    List<ActiveSequence> sequences = roster.carryOut(plan);
    boolean decodesOnly = drafting.draft(plan.chunks(), sequences);
    speculator.startStep();
    BatchBuilder batch = new BatchBuilder(plan.chunks(), sequences, roster.store().windows());
    if (forward(batch, sequences)) {
      int tokens = batch.tokens();
      accept(plan.chunks(), sequences);
      if (decodesOnly) {
        speculator.endStep(tokens);
      }
    }
    steps++;
    assert isIntact();
  }

  /** Ends every sequence, for a reason from outside. */
  void endAll(FinishReason reason) {
    roster.all().forEach(sequence -> finish(sequence, reason));
  }

  /**
   * Fails every sequence, whatever state things are in; places and blocks are not given back, for
   * nothing can be stepped afterwards.
   */
  void failAll(String message) {
    List<ActiveSequence> all = roster.all();
    roster.abandon();
    for (ActiveSequence sequence : all) {
      onEnd.accept(sequence);
      sequence.mailbox().put(new GenerationEvent.Failed(message));
    }
  }

  /**
   * Checks places, KV blocks and prefix tree, as every step does where assertions are on.
   *
   * @throws IllegalStateException naming the first rule that does not hold
   */
  void checkIntegrity() {
    roster.checkIntegrity();
  }

  /** A check looks at every block: where there are very many, not every step can have one. */
  private boolean isIntact() {
    if (steps % (1 + decoder.blocks() / BLOCKS_CHECKED_EACH_STEP) == 0) {
      checkIntegrity();
    }
    return true;
  }

  private void endUnwanted(long nowNanos) {
    for (ActiveSequence sequence : roster.all()) {
      long deadlineNanos = sequence.request().deadlineNanos();
      if (sequence.mailbox().cancelled()) {
        finish(sequence, FinishReason.CANCELLED);
      } else if (deadlineNanos != Long.MAX_VALUE && nowNanos - deadlineNanos >= 0) {
        finish(sequence, FinishReason.DEADLINE);
      }
    }
  }

  /** Runs the decoder; where that fails, so do the sequences that took part. */
  private boolean forward(BatchBuilder batch, List<ActiveSequence> sequences) {
    try {
      decoder.forward(batch.build(), logits(batch.logitRows()));
      failuresInARow = 0;
      return true;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.log(System.Logger.Level.ERROR, "a step of the decoder failed", e);
      String message =
          e instanceof OutOfMemoryError
              ? "the engine ran out of memory while computing this answer; try again, or with a shorter prompt"
              : "the engine failed while computing this answer (" + e + ")";
      sequences.forEach(sequence -> end(sequence, new GenerationEvent.Failed(message)));
      if (++failuresInARow == FAILURES_UNTIL_BROKEN) {
        throw new BrokenDecoderException(failuresInARow, e);
      }
      return false;
    }
  }

  private float[][] logits(int rows) {
    while (logitRows.size() < rows) {
      logitRows.add(new float[decoder.vocabularySize()]);
    }
    return logitRows.subList(0, rows).toArray(float[][]::new);
  }

  private void accept(List<Chunk> chunks, List<ActiveSequence> sequences) {
    int row = 0;
    for (int i = 0; i < chunks.size(); i++) {
      ActiveSequence sequence = sequences.get(i);
      int tokens = chunks.get(i).tokens();
      sequence.stepped(chunks.get(i).first(), tokens);
      if (chunks.get(i).samples()) {
        int rows = 1 + sequence.draft().length();
        try {
          extend(sequence, tokens, logitRows.subList(row, row + rows))
              .ifPresent(reason -> finish(sequence, reason));
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.ERROR, "choosing a token failed", e);
          String why = e.getMessage() == null ? e.toString() : e.getMessage();
          end(sequence, new GenerationEvent.Failed("the engine could not choose a token: " + why));
        }
        row += rows;
      } else {
        roster.computed(sequence, tokens);
      }
    }
  }

  /**
   * Adds a token to a sequence, and one more for each drafted token that is the very one which was
   * chosen: the logits behind it are then those that a step of its own would have given.
   *
   * @param computed known tokens whose keys and values the step stored
   * @param logits the row after the sequence's last token, and after each drafted one
   */
  private Optional<FinishReason> extend(
      ActiveSequence sequence, int computed, List<float[]> logits) {
    Draft draft = sequence.draft();
    int right = 0;
    Optional<FinishReason> end = answers.extend(sequence, logits.get(0));
    sampled(sequence);
    while (end.isEmpty()
        && right < draft.length()
        && draft.token(right) == sequence.token(sequence.length() - 1)) {
      right++;
      end = answers.extend(sequence, logits.get(right));
      sampled(sequence);
    }
    draft.verified(speculator, right);
    roster.computed(sequence, computed + right);
    roster.store().shrink(sequence.table(), limits.blocksFor(sequence.length()));
    return end;
  }

  private void sampled(ActiveSequence sequence) {
    completionTokens++;
    sequence.sampled();
  }

  private void finish(ActiveSequence sequence, FinishReason reason) {
    end(
        sequence,
        new GenerationEvent.Finished(
            reason,
            sequence.text().finish(),
            new GenerationEvent.Usage(
                sequence.promptTokens(), sequence.cachedPromptTokens(), sequence.generatedTokens()),
            sequence.text().stopText()));
  }

  private void end(ActiveSequence sequence, GenerationEvent last) {
    sequence.draft().close();
    roster.remove(sequence);
    onEnd.accept(sequence);
    sequence.mailbox().put(last);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("broken rule: " + rule);
    }
  }
}
