package io.yuntai.engine.serving;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.List;

/** Lays a plan's chunks out as the decoder's flat batch, in the plan's order. */
final class BatchBuilder {
  private final List<Chunk> chunks;
  private final List<ActiveSequence> sequences;

  /**
   * @param chunks of one plan
   * @param sequences the sequence of each, its blocks taken already
   */
  BatchBuilder(List<Chunk> chunks, List<ActiveSequence> sequences) {
    this.chunks = chunks;
    this.sequences = sequences;
  }

  /** How many rows of logits the batch wants: one per sequence that reaches its end. */
  int logitRows() {
    return (int) chunks.stream().filter(Chunk::samples).count();
  }

  Batch build() {
    int size = chunks.stream().mapToInt(Chunk::tokens).sum();
    int[] tokens = new int[size];
    int[] positions = new int[size];
    int[] sequenceOf = new int[size];
    int[][] blockTables = new int[chunks.size()][];
    int[] logitRows = new int[logitRows()];
    int at = 0;
    int rows = 0;
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      blockTables[i] = sequences.get(i).table().blocks();
      for (int j = 0; j < chunk.tokens(); j++) {
        tokens[at] = sequences.get(i).token(chunk.first() + j);
        positions[at] = chunk.first() + j;
        sequenceOf[at] = i;
        at++;
      }
      if (chunk.samples()) {
        logitRows[rows++] = at - 1;
      }
    }
    return new Batch(tokens, positions, sequenceOf, blockTables, logitRows);
  }
}
