package io.yuntai.cli.inspect;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import java.util.BitSet;
import java.util.stream.IntStream;

/** One sequence through a decoder that nobody else uses, chunk by chunk. */
final class SequenceRun {
  /** Rows of logits that are held at once: with 150,000 tokens of vocabulary 20 MB. */
  private static final int CHUNK_TOKENS = 32;

  private final Decoder decoder;
  private final int[] blockTable;
  private int position;

  /** Logits of one position. */
  @FunctionalInterface
  interface RowConsumer {
    /**
     * @param logits of the token after this position; only valid during the call
     */
    void accept(int position, float[] logits);
  }

  SequenceRun(Decoder decoder) {
    this.decoder = decoder;
    this.blockTable = IntStream.range(0, decoder.blocks()).toArray();
  }

  /** Most tokens that can be fed in all. */
  int capacity() {
    return (int) Math.min(decoder.contextTokens(), (long) decoder.blocks() * decoder.blockTokens());
  }

  /**
   * Feeds the next tokens of the sequence.
   *
   * @param wanted positions whose logits are wanted
   */
  void feed(int[] tokens, BitSet wanted, RowConsumer rows) {
    int chunkTokens = Math.min(CHUNK_TOKENS, decoder.maxBatchTokens());
    for (int from = 0; from < tokens.length; from += chunkTokens) {
      int count = Math.min(chunkTokens, tokens.length - from);
      int first = position;
      int[] chunk = new int[count];
      System.arraycopy(tokens, from, chunk, 0, count);
      int[] wantedRows = IntStream.range(0, count).filter(i -> wanted.get(first + i)).toArray();
      float[][] logits = new float[wantedRows.length][decoder.vocabularySize()];
      decoder.forward(
          new Batch(
              chunk,
              IntStream.range(first, first + count).toArray(),
              new int[count],
              new int[][] {blockTable},
              wantedRows),
          logits);
      position += count;
      for (int i = 0; i < wantedRows.length; i++) {
        rows.accept(first + wantedRows[i], logits[i]);
      }
    }
  }
}
