package io.yuntai.engine.decoder;

import java.util.Arrays;
import java.util.stream.IntStream;

/** One sequence on a decoder, with KV blocks of its own from {@code firstBlock} on. */
public final class Sequence {
  private final Decoder decoder;
  private final int[] blockTable;
  private final Adapter[] adapters;
  private int length;

  public Sequence(Decoder decoder, int firstBlock) {
    this(decoder, firstBlock, Adapter.NONE);
  }

  /** One whose tokens go through an adapter. */
  public Sequence(Decoder decoder, int firstBlock, Adapter adapter) {
    this.decoder = decoder;
    this.adapters = new Adapter[] {adapter};
    int blocks = (decoder.contextTokens() + decoder.blockTokens() - 1) / decoder.blockTokens();
    blockTable = IntStream.range(firstBlock, firstBlock + blocks).toArray();
  }

  /** Appends tokens in one batch; returns the logits of every one of them. */
  public float[][] append(int... tokens) {
    int[] positions = IntStream.range(length, length + tokens.length).toArray();
    float[][] logits = new float[tokens.length][decoder.vocabularySize()];
    int[] rows = IntStream.range(0, tokens.length).toArray();
    decoder.forward(
        new Batch(
            tokens,
            positions,
            new int[tokens.length],
            new int[][] {blockTable},
            new int[][] {blockTable},
            rows,
            adapters),
        logits);
    length += tokens.length;
    return logits;
  }

  /** Appends tokens in chunks of at most {@code chunk}; returns the logits of every one of them. */
  public float[][] appendChunked(int[] tokens, int chunk) {
    float[][] all = new float[tokens.length][];
    for (int from = 0; from < tokens.length; from += chunk) {
      int to = Math.min(from + chunk, tokens.length);
      System.arraycopy(append(Arrays.copyOfRange(tokens, from, to)), 0, all, from, to - from);
    }
    return all;
  }
}
