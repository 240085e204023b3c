package io.yuntai.engine.encoder;

import java.util.List;

/**
 * An encoder with its weights, ready to compute. For one thread at a time (it has workers of its
 * own).
 */
public interface Encoder extends AutoCloseable {
  /** What its results are. */
  EncoderOutput output();

  /** Token ids run from 0 to this, exclusive. */
  int vocabularySize();

  /** Most tokens of one sequence. */
  int contextTokens();

  /** Most tokens of all sequences of one call together; at least {@link #contextTokens()}. */
  int maxBatchTokens();

  /**
   * Computes some sequences together.
   *
   * @param sequences at least one
   * @param results receives a row for each, {@code output().width()} long
   */
  void encode(List<EncoderInput> sequences, float[][] results);

  @Override
  void close();
}
