package io.yuntai.engine.serving;

import io.yuntai.engine.decoder.Adapter;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.List;

/** Lays a plan's chunks out as the decoder's flat batch, in the plan's order. */
final class BatchBuilder {
  private static final Adapter[] NO_ADAPTERS = {};

  private final List<Chunk> chunks;
  private final List<ActiveSequence> sequences;
  private final WindowBlocks windows;

  /**
   * @param chunks of one plan
   * @param sequences the sequence of each, its blocks taken already
   * @param windows gives them blocks of layers with a window
   */
  BatchBuilder(List<Chunk> chunks, List<ActiveSequence> sequences, WindowBlocks windows) {
    this.windows = windows;
    this.chunks = chunks;
    this.sequences = sequences;
  }

  /**
   * How many rows of logits the batch wants: one per sequence that reaches its end, and one per
   * drafted token behind it.
   */
  int logitRows() {
    int rows = 0;
    for (int i = 0; i < chunks.size(); i++) {
      rows += rowsOf(i);
    }
    return rows;
  }

  /** Tokens of the batch, drafted ones included. */
  int tokens() {
    int tokens = 0;
    for (int i = 0; i < chunks.size(); i++) {
      tokens += chunks.get(i).tokens() + sequences.get(i).draft().length();
    }
    return tokens;
  }

  private int rowsOf(int i) {
    return chunks.get(i).samples() ? 1 + sequences.get(i).draft().length() : 0;
  }

  Batch build() {
    int size = tokens();
    int[] tokens = new int[size];
    int[] positions = new int[size];
    int[] sequenceOf = new int[size];
    int[][] blockTables = new int[chunks.size()][];
    int[][] windowTables = windows.exist() ? new int[chunks.size()][] : blockTables;
    int[] logitRows = new int[logitRows()];
    int at = 0;
    int rows = 0;
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      ActiveSequence sequence = sequences.get(i);
      blockTables[i] = sequence.table().blocks();
      int known = chunk.tokens();
      if (windows.exist()) {
        windows.cover(sequence.table(), chunk.first(), known + sequence.draft().length());
        windowTables[i] = sequence.table().window();
      }
      for (int j = 0; j < known + sequence.draft().length(); j++) {
        tokens[at] =
            j < known ? sequence.token(chunk.first() + j) : sequence.draft().token(j - known);
        positions[at] = chunk.first() + j;
        sequenceOf[at] = i;
        at++;
      }
      int wanted = rowsOf(i);
      for (int j = 0; j < wanted; j++) {
        logitRows[rows++] = at - wanted + j;
      }
    }
    return new Batch(
        tokens, positions, sequenceOf, blockTables, windowTables, logitRows, adapters());
  }

  private Adapter[] adapters() {
    if (sequences.stream().allMatch(sequence -> sequence.adapter().id() == 0)) {
      return NO_ADAPTERS;
    }
    return sequences.stream().map(sequence -> sequence.adapter().adapter()).toArray(Adapter[]::new);
  }
}
