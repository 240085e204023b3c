package io.yuntai.engine.serving;

import io.yuntai.engine.serving.StepPlan.Chunk;
import io.yuntai.engine.speculation.Speculator;
import java.util.List;

/**
 * Adds drafted tokens to a step in which every sequence decodes, from what the plan left of tokens
 * and blocks: a draft never takes anything from a token that is certain to be wanted. Steps with
 * prefill are long already, so nothing is drafted there.
 */
final class Drafting {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  private final Speculator speculator;
  private final SchedulerState.Limits limits;
  private final KvStore store;
  private boolean broken;

  Drafting(Speculator speculator, SchedulerState.Limits limits, KvStore store) {
    this.speculator = speculator;
    this.limits = limits;
    this.store = store;
  }

  /**
   * Makes the drafts of a step and takes blocks for them.
   *
   * @param chunks of the step's plan, which is carried out
   * @param sequences the sequence of each
   * @return whether the step decodes and nothing else
   */
  boolean draft(List<Chunk> chunks, List<ActiveSequence> sequences) {
    if (broken || !chunks.stream().allMatch(chunk -> chunk.tokens() == 1 && chunk.samples())) {
      return false;
    }
    speculator.beginStep(chunks.size());
    int freeTokens = limits.maxBatchTokens() - chunks.size();
    for (int i = 0; i < chunks.size() && freeTokens > 0; i++) {
      ActiveSequence sequence = sequences.get(i);
      // One more block for each sequence stays free, as with admission: a draft preempts nobody.
      int spareBlocks = Math.max(0, store.available() - sequences.size());
      int positions = (sequence.table().blocks().length + spareBlocks) * limits.blockTokens();
      int most =
          Math.min(
              Math.min(freeTokens, sequence.remainingTokens() - 1), positions - sequence.length());
      if (most > 0) {
        make(sequence, most);
        int needed = limits.blocksFor(sequence.length() + sequence.draft().length());
        store.grow(sequence.table(), Math.max(0, needed - sequence.table().blocks().length));
        freeTokens -= sequence.draft().length();
      }
    }
    return true;
  }

  /** A drafter that fails costs drafts, never an answer. */
  private void make(ActiveSequence sequence, int most) {
    try {
      sequence
          .draft()
          .make(speculator, sequence, most, sequence.length() + sequence.remainingTokens());
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.log(System.Logger.Level.ERROR, "drafting failed; the engine goes on without", e);
      sequence.draft().shorten(0);
      broken = true;
    }
  }
}
