package io.yuntai.engine.serving;

import java.util.List;

/**
 * What the next step does, to be carried out in this order.
 *
 * @param preempted sequences that give back all their blocks and wait again, youngest first
 * @param admitted waiting sequences that get a place, oldest first; each has a chunk
 * @param chunks the tokens to compute, decodes first
 */
public record StepPlan(List<Long> preempted, List<Long> admitted, List<Chunk> chunks) {
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
