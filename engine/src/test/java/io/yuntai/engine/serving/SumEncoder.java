package io.yuntai.engine.serving;

import io.yuntai.engine.encoder.Encoder;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.encoder.EncoderOutput;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The sum of a sequence's tokens, and their number; steps can be held up. */
final class SumEncoder implements Encoder {
  static final int POISON = 99;

  final Semaphore steps = new Semaphore(Integer.MAX_VALUE / 2);
  final AtomicInteger begun = new AtomicInteger();
  volatile boolean closed;

  @Override
  public EncoderOutput output() {
    return new EncoderOutput.Vector(2, 2, false);
  }

  @Override
  public int vocabularySize() {
    return 100;
  }

  @Override
  public int contextTokens() {
    return 50;
  }

  @Override
  public int maxBatchTokens() {
    return 64;
  }

  @Override
  public void encode(List<EncoderInput> sequences, float[][] results) {
    begun.incrementAndGet();
    steps.acquireUninterruptibly();
    for (int i = 0; i < results.length; i++) {
      for (int token : sequences.get(i).tokens()) {
        if (token == POISON) {
          throw new IllegalStateException("poison");
        }
        results[i][0] += token;
        results[i][1]++;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
