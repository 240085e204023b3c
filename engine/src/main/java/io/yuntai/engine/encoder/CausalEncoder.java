package io.yuntai.engine.encoder;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.TransformerDecoder;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder as an encoder: what a text gives is read from the state behind its last token.
 *
 * <p>Sequences stand one after the other and go through the decoder in flat batches, cut wherever a
 * batch is full: the decoder's results depend neither on cuts nor on company. As many sequences at
 * a time as have room in the KV pool; afterwards nothing of them is kept.
 */
public final class CausalEncoder implements Encoder {
  private final TransformerDecoder decoder;
  private final CausalOutput causal;
  private final int maxBatchTokens;

  /**
   * @param decoder computes {@code causal}'s head, with room in its KV pool for one sequence at
   *     least; closed with the encoder
   * @param causal what its rows mean
   * @param maxBatchTokens most tokens of a call; raised to the context
   */
  public CausalEncoder(TransformerDecoder decoder, CausalOutput causal, int maxBatchTokens) {
    this.decoder = decoder;
    this.causal = causal;
    this.maxBatchTokens = Math.max(maxBatchTokens, decoder.contextTokens());
    if (blocks(decoder.contextTokens()) > decoder.blocks()) {
      throw new IllegalArgumentException("a context has no room in the KV pool");
    }
  }

  @Override
  public EncoderOutput output() {
    return causal.output();
  }

  @Override
  public int vocabularySize() {
    return decoder.vocabularySize();
  }

  @Override
  public int contextTokens() {
    return decoder.contextTokens();
  }

  @Override
  public int maxBatchTokens() {
    return maxBatchTokens;
  }

  @Override
  public void encode(List<EncoderInput> sequences, float[][] results) {
    sequences.forEach(this::requireFitting);
    float[][] rows = results;
    if (output() instanceof EncoderOutput.Score) {
      rows = new float[results.length][decoder.outputs()];
    }
    int from = 0;
    while (from < sequences.size()) {
      int to = from;
      int taken = 0;
      while (to < sequences.size() && taken + blocks(sequences.get(to)) <= decoder.blocks()) {
        taken += blocks(sequences.get(to++));
      }
      new Pass(sequences.subList(from, to), Arrays.copyOfRange(rows, from, to)).run();
      from = to;
    }
    for (int i = 0; i < results.length; i++) {
      finish(rows[i], results[i]);
    }
  }

  private void requireFitting(EncoderInput sequence) {
    if (sequence.tokens().length > contextTokens()) {
      throw new IllegalArgumentException(
          "a sequence of %d tokens for a context of %d"
              .formatted(sequence.tokens().length, contextTokens()));
    }
  }

  private int blocks(EncoderInput sequence) {
    return blocks(sequence.tokens().length);
  }

  private int blocks(int tokens) {
    return Math.ceilDiv(tokens, decoder.blockTokens());
  }

  private void finish(float[] row, float[] result) {
    switch (output()) {
      case EncoderOutput.Vector vector -> {
        if (vector.normalized()) {
          VectorLength.normalize(result);
        }
      }
      case EncoderOutput.Score _ -> {
        for (int i = 0; i < causal.bias().length; i++) {
          row[i] += causal.bias()[i];
        }
        // The logistic function of the difference is the softmax of both.
        result[0] = row.length == 1 ? row[0] : row[0] - row[1];
      }
    }
  }

  /** Sequences that have room in the KV pool together, on their way through the decoder. */
  private final class Pass {
    private final List<EncoderInput> sequences;
    private final float[][] rows;
    private final int[][] blockTables;
    private final int most = decoder.maxBatchTokens();
    private final int[] tokens = new int[most];
    private final int[] positions = new int[most];
    private final int[] owners = new int[most];
    private final int[] lasts = new int[most];
    private int count;
    private int ended;
    private int done;

    Pass(List<EncoderInput> sequences, float[][] rows) {
      this.sequences = sequences;
      this.rows = rows;
      blockTables = new int[sequences.size()][];
      int next = 0;
      for (int i = 0; i < blockTables.length; i++) {
        blockTables[i] = new int[blocks(sequences.get(i))];
        for (int j = 0; j < blockTables[i].length; j++) {
          blockTables[i][j] = next++;
        }
      }
    }

    void run() {
      for (int i = 0; i < sequences.size(); i++) {
        int[] ids = sequences.get(i).tokens();
        for (int position = 0; position < ids.length; position++) {
          tokens[count] = ids[position];
          positions[count] = position;
          owners[count] = i;
          if (position == ids.length - 1) {
            lasts[ended++] = count;
          }
          if (++count == most) {
            flush();
          }
        }
      }
      if (count > 0) {
        flush();
      }
    }

    private void flush() {
      Batch batch =
          new Batch(
              Arrays.copyOf(tokens, count),
              Arrays.copyOf(positions, count),
              Arrays.copyOf(owners, count),
              blockTables,
              Arrays.copyOf(lasts, ended));
      decoder.forward(batch, Arrays.copyOfRange(rows, done, done + ended));
      done += ended;
      count = 0;
      ended = 0;
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
