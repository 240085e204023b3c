package io.yuntai.server.testing;

import io.yuntai.engine.encoder.Encoder;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.encoder.EncoderOutput;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * For each sequence how many tokens it has, the first one, and the last one; or as a score how many
 * of the second text's tokens stand in the first. Steps can be held up.
 */
public final class CountingEncoder implements Encoder {
  private final boolean scores;

  /** Steps that may begin. */
  public final Semaphore steps = new Semaphore(1 << 20);

  /**
   * @param scores whether it gives scores
   */
  public CountingEncoder(boolean scores) {
    this.scores = scores;
  }

  @Override
  public EncoderOutput output() {
    return scores ? new EncoderOutput.Score() : new EncoderOutput.Vector(4, 2, false);
  }

  @Override
  public int vocabularySize() {
    return ByteTokenizer.SIZE;
  }

  @Override
  public int contextTokens() {
    return 64;
  }

  @Override
  public int maxBatchTokens() {
    return 128;
  }

  @Override
  public void encode(List<EncoderInput> sequences, float[][] results) {
    steps.acquireUninterruptibly();
    for (int i = 0; i < results.length; i++) {
      int[] tokens = sequences.get(i).tokens();
      if (scores) {
        results[i][0] = shared(tokens, sequences.get(i).secondSegment());
      } else {
        results[i][0] = tokens.length;
        results[i][1] = tokens[0];
        results[i][2] = tokens[tokens.length - 1];
        results[i][3] = 0.1f;
      }
    }
  }

  private static int shared(int[] tokens, int second) {
    int shared = 0;
    for (int i = second; i < tokens.length; i++) {
      for (int j = 0; j < second; j++) {
        shared += tokens[i] == tokens[j] ? 1 : 0;
      }
    }
    return shared;
  }

  @Override
  public void close() {}
}
