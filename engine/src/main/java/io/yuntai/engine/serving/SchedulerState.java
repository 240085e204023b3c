package io.yuntai.engine.serving;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the scheduler decides from: counts, no tokens, no block numbers.
 *
 * <p>A sequence's seniority begins when it first gets a place and stays with it when it is
 * preempted.
 *
 * @param limits bounds of a step
 * @param availableBlocks KV blocks that nobody holds, free or cached
 * @param running sequences with a place, most senior first
 * @param preempted sequences that had one, most senior first, all of them junior to the running
 *     ones
 * @param queues for each namespace with sequences that never had a place these, oldest first; the
 *     namespace whose turn it is first. It suffices to name as many of each as there are places
 *     free, and the first {@code maxRunning} namespaces: no more can be admitted or passed over
 */
public record SchedulerState(
    Limits limits,
    int availableBlocks,
    List<Sequence> running,
    List<Sequence> preempted,
    List<List<Sequence>> queues) {
  /** Copies the lists and checks that each sequence is there once. */
  public SchedulerState {
    running = List.copyOf(running);
    preempted = List.copyOf(preempted);
    queues = queues.stream().map(List::copyOf).toList();
    if (running.size() > limits.maxRunning()) {
      throw new IllegalArgumentException(running.size() + " sequences run, more than the limit");
    }
    Set<Long> seen = new HashSet<>();
    running.forEach(sequence -> requireNew(seen, sequence));
    preempted.forEach(sequence -> requireNew(seen, sequence));
    queues.forEach(queue -> queue.forEach(sequence -> requireNew(seen, sequence)));
  }

  private static void requireNew(Set<Long> seen, Sequence sequence) {
    if (!seen.add(sequence.id())) {
      throw new IllegalArgumentException("sequence " + sequence.id() + " is there twice");
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
   * @param id names it
   * @param namespace whose it is
   * @param length tokens known, prompt and generated ones; at least 1
   * @param computed how many of these have their keys and values stored; below {@code length}, for
   *     the last token's logits are always wanted next
   * @param blocks KV blocks it holds; without a place, those it would find in the prefix tree
   * @param exclusive how many of these are nobody else's: with a place, those that become available
   *     when it is preempted after all who are junior to it; without one, those that are available
   *     until it takes them
   * @param awaits a more senior sequence of its namespace that, if it is in prefill, is about to
   *     compute what this one needs next; {@link #NOBODY} for none
   */
  public record Sequence(
      long id, String namespace, int length, int computed, int blocks, int exclusive, long awaits) {
    /** No sequence's id. */
    public static final long NOBODY = -1;

    /** Checks ranges. */
    public Sequence {
      if (computed < 0 || computed >= length || blocks < 0 || exclusive < 0 || exclusive > blocks) {
        throw new IllegalArgumentException(
            "bad sequence: %d of %d tokens computed in %d blocks, %d of them exclusive"
                .formatted(computed, length, blocks, exclusive));
      }
    }

    /** Tokens still to compute: 1 when decoding, more in prefill. */
    public int pending() {
      return length - computed;
    }
  }
}
