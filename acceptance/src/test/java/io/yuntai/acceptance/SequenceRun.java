package io.yuntai.acceptance;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import java.util.stream.IntStream;

/** One sequence on a decoder that has no other; begins anew with every object. */
final class SequenceRun {
  private final Decoder decoder;
  private final int[] blocks;
  private int length;

  SequenceRun(Decoder decoder) {
    this.decoder = decoder;
    this.blocks = IntStream.range(0, decoder.blocks()).toArray();
  }

  /** Appends tokens, at most a batch of them; gives the next-token logits of each. */
  float[][] append(int... tokens) {
    return append(tokens, IntStream.range(0, tokens.length).toArray());
  }

  /** Appends tokens, at most a batch of them; gives the next-token logits of the last. */
  float[] appendForLast(int... tokens) {
    return append(tokens, new int[] {tokens.length - 1})[0];
  }

  private float[][] append(int[] tokens, int[] rows) {
    float[][] logits = new float[rows.length][decoder.vocabularySize()];
    int[] positions = IntStream.range(length, length + tokens.length).toArray();
    decoder.forward(
        new Batch(tokens, positions, new int[tokens.length], new int[][] {blocks}, rows), logits);
    length += tokens.length;
    return logits;
  }

  static int likeliest(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      best = logits[id] > logits[best] ? id : best;
    }
    return best;
  }
}
