package io.yuntai.engine.serving;

import io.yuntai.engine.serving.SchedulerState.Limits;
import io.yuntai.engine.serving.SchedulerState.Sequence;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what one step computes: a pure function of {@link SchedulerState}.
 *
 * <ol>
 *   <li><b>Decode first.</b> Every sequence with one token to go gets it, oldest first. Prefill
 *       first would starve running streams for as long as prompts come in.
 *   <li><b>Then prefill</b>, oldest first, in chunks of what is left of the token budget.
 *   <li><b>Then admission</b>, strictly first come, first served, while there are places, tokens
 *       and blocks. A sequence gets the blocks for all its known tokens at once, so that prefill
 *       never runs out; only decoding takes blocks later, one at a time. Beside running sequences,
 *       one block for each of these stays free, or the newcomer would soon be preempted.
 *   <li><b>Preemption.</b> A decoding sequence that finds no free block takes those of the youngest
 *       one, which is recomputed later; where it is itself the youngest, it waits a step.
 * </ol>
 *
 * <p>Why nothing starves: running sequences are older than waiting ones, and only younger ones are
 * preempted, so the oldest always has a place and, with the whole pool at its disposal, computes at
 * least one token in every step. A sequence with p prompt tokens and n to generate is therefore
 * done at most p + n steps after it has become the oldest.
 */
public final class Scheduler {
  private final SchedulerState state;
  private final Limits limits;
  private final List<Long> preempted = new ArrayList<>();
  private final List<Long> admitted = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private int survivors;
  private int freeBlocks;
  private int freeTokens;

  private Scheduler(SchedulerState state) {
    this.state = state;
    this.limits = state.limits();
    this.survivors = state.running().size();
    this.freeBlocks = state.freeBlocks();
    this.freeTokens = limits.maxBatchTokens();
  }

  /** The next step; without chunks only if no sequence runs or waits. */
  public static StepPlan plan(SchedulerState state) {
    Scheduler scheduler = new Scheduler(state);
    scheduler.decode();
    scheduler.prefill();
    scheduler.admit();
    return new StepPlan(scheduler.preempted, scheduler.admitted, scheduler.chunks);
  }

  private void decode() {
    for (int i = 0; i < survivors; i++) {
      Sequence sequence = state.running().get(i);
      if (sequence.pending() == 1) {
        int newBlocks = limits.blocksFor(sequence.length()) - sequence.blocks();
        while (newBlocks > freeBlocks && survivors - 1 > i) {
          preemptYoungest();
        }
        if (newBlocks <= freeBlocks) {
          compute(sequence, newBlocks);
        }
      }
    }
  }

  /** The victim is younger than the sequence in turn, so nothing is planned for it yet. */
  private void preemptYoungest() {
    survivors--;
    Sequence victim = state.running().get(survivors);
    preempted.add(victim.id());
    freeBlocks += victim.blocks();
  }

  private void prefill() {
    for (int i = 0; i < survivors && freeTokens > 0; i++) {
      Sequence sequence = state.running().get(i);
      if (sequence.pending() > 1) {
        compute(sequence, 0);
      }
    }
  }

  private void admit() {
    // Blocks are short just now: what was preempted comes back first, in a later step.
    if (!preempted.isEmpty()) {
      return;
    }
    int places = limits.maxRunning() - survivors;
    for (Sequence sequence : state.waiting()) {
      int running = survivors + admitted.size();
      int newBlocks = limits.blocksFor(sequence.length());
      if (admitted.size() == places || freeTokens == 0 || newBlocks + running > freeBlocks) {
        return;
      }
      admitted.add(sequence.id());
      compute(sequence, newBlocks);
    }
  }

  private void compute(Sequence sequence, int newBlocks) {
    int tokens = Math.min(sequence.pending(), freeTokens);
    freeTokens -= tokens;
    freeBlocks -= newBlocks;
    chunks.add(
        new Chunk(
            sequence.id(), sequence.computed(), tokens, newBlocks, tokens == sequence.pending()));
  }
}
