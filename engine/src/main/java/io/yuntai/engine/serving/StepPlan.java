package io.yuntai.engine.serving;

import java.util.List;

/**
 * What the next step does, to be carried out in this order.
 *
 * @param preempted sequences that give back all their blocks and wait again, most junior first
 * @param admitted sequences that get a place, junior to all that have one, in this order; first all
 *     of them hold what they find in the prefix tree, then they get their blocks
 * @param chunks the tokens to compute, decodes first
 */
public record StepPlan(List<Long> preempted, List<Admission> admitted, List<Chunk> chunks) {
  /** Copies the lists. */
  public StepPlan {
    preempted = List.copyOf(preempted);
    admitted = List.copyOf(admitted);
    chunks = List.copyOf(chunks);
  }

  /** Tokens of the whole step. */
  public int tokens() {
    return chunks.stream().mapToInt(Chunk::tokens).sum();
  }

  /**
   * A place for a sequence.
   *
   * @param id the sequence
   * @param newBlocks KV blocks to add to those it finds in the prefix tree
   */
  public record Admission(long id, int newBlocks) {}

  /**
   * Consecutive tokens of one sequence.
   *
   * @param id the sequence
   * @param first position of the first token
   * @param tokens how many, at least 1
   * @param newBlocks KV blocks to add to the sequence's table before the step
   * @param samples whether these reach the sequence's end, so that a token can be sampled
   */
  public record Chunk(long id, int first, int tokens, int newBlocks, boolean samples) {}
}
