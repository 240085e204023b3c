package io.yuntai.engine.serving;

import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.FinishReason;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.serving.StepPlan.Chunk;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All sequences, the KV pool and the decoder, one step at a time; the part of the engine that one
 * thread alone may touch. Has no thread or clock of its own.
 */
final class Stepper {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  /** After so many failed steps without a good one between, the decoder is not trusted any more. */
  private static final int FAILURES_UNTIL_BROKEN = 3;

  private final Decoder decoder;
  private final SchedulerState.Limits limits;
  private final Consumer<ActiveSequence> onEnd;
  private final KvBlockPool pool;
  private final AnswerWriter answers;

  private final List<ActiveSequence> running = new ArrayList<>();
  private final Deque<ActiveSequence> waiting = new ArrayDeque<>();
  private final List<float[]> logitRows = new ArrayList<>();
  private int failuresInARow;
  private long promptTokens;
  private long completionTokens;
  private long preempted;
  private long steps;

  /**
   * @param decoder the model
   * @param tokenizer its vocabulary
   * @param options bounds, lowered to what the decoder can do
   * @param onEnd told of each sequence that has ended and holds nothing any more, before its reader
   *     is
   */
  Stepper(
      Decoder decoder, Tokenizer tokenizer, EngineOptions options, Consumer<ActiveSequence> onEnd) {
    this.decoder = decoder;
    this.onEnd = onEnd;
    limits = limits(decoder, options);
    pool = new KvBlockPool(decoder.blocks());
    answers = new AnswerWriter(tokenizer, decoder.vocabularySize());
  }

  /** The bounds in effect. */
  static SchedulerState.Limits limits(Decoder decoder, EngineOptions options) {
    int maxBatchTokens = Math.min(options.maxBatchTokens(), decoder.maxBatchTokens());
    return new SchedulerState.Limits(
        Math.min(options.maxConcurrent(), maxBatchTokens), maxBatchTokens, decoder.blockTokens());
  }

  /** Takes a sequence in, younger than all before. */
  void add(ActiveSequence sequence) {
    waiting.addLast(sequence);
  }

  boolean hasWork() {
    return !running.isEmpty() || !waiting.isEmpty();
  }

  /** What there is and was. */
  EngineStatistics statistics(EngineStatistics.State state) {
    return new EngineStatistics(
        state,
        running.size(),
        waiting.size(),
        pool.blocks() - pool.freeBlocks(),
        pool.blocks(),
        promptTokens,
        completionTokens,
        preempted,
        steps);
  }

  /** Steps until the first running sequence is done at the latest, if nothing is preempted. */
  int stepsUntilAPlace() {
    int soonest = Integer.MAX_VALUE;
    for (ActiveSequence sequence : running) {
      int prefillSteps = sequence.view().pending() / limits.maxBatchTokens();
      soonest = Math.min(soonest, prefillSteps + sequence.remainingTokens());
    }
    return running.isEmpty() ? 0 : soonest;
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
    StepPlan plan = plan();
    List<ActiveSequence> sequences = carryOut(plan);
    if (forward(plan.chunks(), sequences)) {
      accept(plan.chunks(), sequences);
    }
    steps++;
  }

  /** Ends every sequence, for a reason from outside. */
  void endAll(FinishReason reason) {
    all().forEach(sequence -> finish(sequence, reason));
  }

  /**
   * Fails every sequence, whatever state things are in; blocks are not given back, for nothing can
   * be stepped afterwards.
   */
  void failAll(String message) {
    List<ActiveSequence> all = all();
    running.clear();
    waiting.clear();
    for (ActiveSequence sequence : all) {
      onEnd.accept(sequence);
      sequence.mailbox().put(new GenerationEvent.Failed(message));
    }
  }

  /** Checks the account of KV blocks; see {@link KvBlockPool#checkIntegrity}. */
  void checkIntegrity() {
    pool.checkIntegrity(all().stream().map(ActiveSequence::blocks).toList());
    for (ActiveSequence sequence : waiting) {
      if (sequence.blocks().length > 0) {
        throw new IllegalStateException("a waiting sequence holds KV blocks");
      }
    }
  }

  private List<ActiveSequence> all() {
    List<ActiveSequence> all = new ArrayList<>(running);
    all.addAll(waiting);
    return all;
  }

  private void endUnwanted(long nowNanos) {
    for (ActiveSequence sequence : all()) {
      long deadlineNanos = sequence.request().deadlineNanos();
      if (sequence.mailbox().cancelled()) {
        finish(sequence, FinishReason.CANCELLED);
      } else if (deadlineNanos != Long.MAX_VALUE && nowNanos - deadlineNanos >= 0) {
        finish(sequence, FinishReason.DEADLINE);
      }
    }
  }

  private StepPlan plan() {
    return Scheduler.plan(
        new SchedulerState(
            limits,
            pool.freeBlocks(),
            running.stream().map(ActiveSequence::view).toList(),
            waiting.stream()
                .limit(limits.maxRunning() - running.size())
                .map(ActiveSequence::view)
                .toList()));
  }

  /** Makes the plan's changes to places and blocks; returns each chunk's sequence. */
  private List<ActiveSequence> carryOut(StepPlan plan) {
    for (long id : plan.preempted()) {
      ActiveSequence victim = running.removeLast();
      require(victim.id() == id, "the youngest sequence is preempted");
      victim.dropBlocks(pool);
      waiting.addFirst(victim);
      preempted++;
    }
    for (long id : plan.admitted()) {
      ActiveSequence newcomer = waiting.removeFirst();
      require(newcomer.id() == id, "the oldest sequence is admitted");
      running.addLast(newcomer);
      if (newcomer.admit()) {
        promptTokens += newcomer.promptTokens();
      }
    }
    List<ActiveSequence> sequences = new ArrayList<>(plan.chunks().size());
    for (Chunk chunk : plan.chunks()) {
      ActiveSequence sequence =
          running.stream().filter(one -> one.id() == chunk.id()).findFirst().orElseThrow();
      sequence.takeBlocks(pool, chunk.newBlocks());
      sequences.add(sequence);
    }
    require(!sequences.isEmpty(), "a step with work computes something");
    return sequences;
  }

  /** Runs the decoder; where that fails, so do the sequences that took part. */
  private boolean forward(List<Chunk> chunks, List<ActiveSequence> sequences) {
    try {
      BatchBuilder batch = new BatchBuilder(chunks, sequences);
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
      sequence.computed(chunks.get(i).tokens());
      if (chunks.get(i).samples()) {
        try {
          Optional<FinishReason> end = answers.extend(sequence, logitRows.get(row++));
          completionTokens++;
          end.ifPresent(reason -> finish(sequence, reason));
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.ERROR, "choosing a token failed", e);
          String why = e.getMessage() == null ? e.toString() : e.getMessage();
          end(sequence, new GenerationEvent.Failed("the engine could not choose a token: " + why));
        }
      }
    }
  }

  private void finish(ActiveSequence sequence, FinishReason reason) {
    end(
        sequence,
        new GenerationEvent.Finished(
            reason,
            sequence.text().finish(),
            new GenerationEvent.Usage(sequence.promptTokens(), sequence.generatedTokens())));
  }

  private void end(ActiveSequence sequence, GenerationEvent last) {
    sequence.dropBlocks(pool);
    if (!running.remove(sequence)) {
      waiting.remove(sequence);
    }
    onEnd.accept(sequence);
    sequence.mailbox().put(last);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("broken rule: " + rule);
    }
  }
}
