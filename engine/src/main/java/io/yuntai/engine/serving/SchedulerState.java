package io.yuntai.engine.serving;

import java.util.List;

/**
 * What the scheduler decides from: counts, no tokens, no block numbers.
 *
 * @param limits bounds of a step
 * @param freeBlocks KV blocks that nobody holds
 * @param running sequences with a place, oldest first
 * @param waiting sequences without one, oldest first, all younger than the running ones; it
 *     suffices to name as many as there are places free
 */
public record SchedulerState(
    Limits limits, int freeBlocks, List<Sequence> running, List<Sequence> waiting) {
  /** Copies the lists and checks the order of age. */
  public SchedulerState {
    running = List.copyOf(running);
    waiting = List.copyOf(waiting);
    long previous = Long.MIN_VALUE;
    for (List<Sequence> sequences : List.of(running, waiting)) {
      for (Sequence sequence : sequences) {
        if (sequence.id() <= previous) {
          throw new IllegalArgumentException("sequence " + sequence.id() + " is out of order");
        }
        previous = sequence.id();
      }
    }
    if (running.size() > limits.maxRunning()) {
      throw new IllegalArgumentException(running.size() + " sequences run, more than the limit");
    }
  }

  /**
   * Bounds of a step.
   *
   * @param maxRunning most sequences with a place; at most {@code maxBatchTokens}, so that when
   *     every other sequence decodes a token, a prefill still gets one
   * @param maxBatchTokens most tokens in one step
   * @param blockTokens positions in one KV block
   */
  public record Limits(int maxRunning, int maxBatchTokens, int blockTokens) {
    /** Checks ranges. */
    public Limits {
      if (maxRunning < 1 || maxRunning > maxBatchTokens || blockTokens < 1) {
        throw new IllegalArgumentException(
            "bad limits: %d running, %d batch tokens, %d block tokens"
                .formatted(maxRunning, maxBatchTokens, blockTokens));
      }
    }

    /** Blocks that hold this many tokens. */
    public int blocksFor(int tokens) {
      return Math.ceilDiv(tokens, blockTokens);
    }
  }

  /**
   * One sequence.
   *
   * @param id its age: greater is younger
   * @param length tokens known, prompt and generated ones; at least 1
   * @param computed how many of these have their keys and values stored; below {@code length}, for
   *     the last token's logits are always wanted next
   * @param blocks KV blocks it holds; without a place none
   */
  public record Sequence(long id, int length, int computed, int blocks) {
    /** Checks ranges. */
    public Sequence {
      if (computed < 0 || computed >= length || blocks < 0) {
        throw new IllegalArgumentException(
            "bad sequence: %d of %d tokens computed in %d blocks"
                .formatted(computed, length, blocks));
      }
    }

    /** Tokens still to compute: 1 when decoding, more in prefill. */
    public int pending() {
      return length - computed;
    }
  }
}
