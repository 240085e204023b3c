package io.yuntai.engine.measure;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import java.util.stream.IntStream;

/**
 * Drives a decoder as llama-bench and llama-batched-bench drive llama.cpp: made-up tokens, no
 * tokenizer, no sampler, no scheduler. Every method is one repetition and returns the nanoseconds
 * of what it measures. For one thread, and a decoder that nobody else uses.
 *
 * <p>Streams have keys and values of their own; each repetition writes over those of the last one.
 */
public final class DecoderSpeed {
  private final Decoder decoder;

  /** Of this decoder. */
  public DecoderSpeed(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Tokens of KV pool that so many streams of this length need. */
  public static long kvTokens(int streams, int tokens, int blockTokens) {
    return (long) streams * Math.ceilDiv(tokens, blockTokens) * blockTokens;
  }

  /**
   * Why the decoder can't run so many streams of this length.
   *
   * @return a sentence for the user; empty if it can
   */
  public String obstacle(int streams, int tokens) {
    if (tokens > decoder.contextTokens()) {
      return "%d tokens are more than the context of %d: take fewer"
          .formatted(tokens, decoder.contextTokens());
    }
    long blocks = kvTokens(streams, tokens, decoder.blockTokens()) / decoder.blockTokens();
    if (blocks > decoder.blocks()) {
      return "%d streams of %d tokens need %d KV blocks, but this machine's memory holds %d: take fewer streams or shorter ones"
          .formatted(streams, tokens, blocks, decoder.blocks());
    }
    return streams <= decoder.maxBatchTokens()
        ? ""
        : "%d streams are more than the %d tokens of the largest batch: take fewer"
            .formatted(streams, decoder.maxBatchTokens());
  }

  /** Reads a prompt, up to the arg-max of its last token's logits. */
  public long prefill(int tokens) {
    int[][] tables = tables(1, tokens);
    float[][] logits = new float[1][decoder.vocabularySize()];
    long start = System.nanoTime();
    read(tables, 0, tokens, logits);
    ArgMax.of(logits[0]);
    return System.nanoTime() - start;
  }

  /**
   * Generates with all streams in step: each of the {@code tokens} steps computes one token of each
   * stream and the arg-max of its logits. The prompts are read before, and not measured.
   */
  public long decode(int streams, int promptTokens, int tokens) {
    int[][] tables = tables(streams, promptTokens + tokens);
    float[][] logits = new float[streams][decoder.vocabularySize()];
    int[] next = new int[streams];
    for (int stream = 0; stream < streams; stream++) {
      read(tables, stream, promptTokens, logits);
      next[stream] = ArgMax.of(logits[0]);
    }
    return steps(tables, next, promptTokens, tokens, logits);
  }

  /**
   * Fills one stream's keys and values up to a depth, for {@link #decodeAt}. The tokens of a block
   * see that block alone: at 32,000 tokens it is far quicker than a prompt, and what a later token
   * reads has the same size and place.
   */
  public void fill(int tokens) {
    int blockTokens = decoder.blockTokens();
    int blocksAtOnce = Math.max(1, decoder.maxBatchTokens() / blockTokens);
    int length = Math.min(blockTokens, decoder.maxBatchTokens());
    int blocks = Math.ceilDiv(tokens, blockTokens);
    for (int first = 0; first < blocks; first += blocksAtOnce) {
      int count = Math.min(blocksAtOnce, blocks - first);
      int offset = first;
      int[][] tables = new int[count][];
      java.util.Arrays.setAll(tables, i -> new int[] {offset + i});
      int size = count * length;
      decoder.forward(
          new Batch(
              IntStream.range(0, size).map(i -> token(offset * blockTokens + i)).toArray(),
              IntStream.range(0, size).map(i -> i % length).toArray(),
              IntStream.range(0, size).map(i -> i / length).toArray(),
              tables,
              new int[0]),
          new float[0][]);
    }
  }

  /** Generates for one stream that has {@code depth} tokens before, from {@link #fill}. */
  public long decodeAt(int depth, int tokens) {
    int[][] tables = tables(1, depth + tokens);
    float[][] logits = new float[1][decoder.vocabularySize()];
    return steps(tables, new int[] {token(depth)}, depth, tokens, logits);
  }

  private long steps(int[][] tables, int[] next, int position, int tokens, float[][] logits) {
    int streams = tables.length;
    int[] each = IntStream.range(0, streams).toArray();
    int[] positions = new int[streams];
    long start = System.nanoTime();
    for (int i = 0; i < tokens; i++) {
      java.util.Arrays.fill(positions, position + i);
      decoder.forward(new Batch(next, positions, each, tables, each), logits);
      for (int stream = 0; stream < streams; stream++) {
        next[stream] = ArgMax.of(logits[stream]);
      }
    }
    return System.nanoTime() - start;
  }

  /** Reads a prompt in chunks as large as the decoder takes; logits of the last token alone. */
  private void read(int[][] tables, int stream, int tokens, float[][] logits) {
    int[][] table = {tables[stream]};
    for (int first = 0; first < tokens; first += decoder.maxBatchTokens()) {
      int size = Math.min(decoder.maxBatchTokens(), tokens - first);
      int[] ids = new int[size];
      int[] positions = new int[size];
      for (int i = 0; i < size; i++) {
        ids[i] = token(stream * 31 + first + i);
        positions[i] = first + i;
      }
      int[] rows = first + size == tokens ? new int[] {size - 1} : new int[0];
      decoder.forward(new Batch(ids, positions, new int[size], table, rows), logits);
    }
  }

  /** Made-up tokens that differ; the peers' workers make the same. */
  private int token(int index) {
    return (int) ((index * 7919L + 11) % decoder.vocabularySize());
  }

  private int[][] tables(int streams, int tokens) {
    String obstacle = obstacle(streams, tokens);
    if (!obstacle.isEmpty()) {
      throw new IllegalArgumentException(obstacle);
    }
    int blocks = Math.ceilDiv(tokens, decoder.blockTokens());
    int[][] tables = new int[streams][];
    java.util.Arrays.setAll(
        tables, stream -> IntStream.range(stream * blocks, (stream + 1) * blocks).toArray());
    return tables;
  }
}
