package io.yuntai.server.testing;

import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.decoder.Adapter;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * After a letter comes the next one, after z the end, after anything else an a: with a temperature
 * not always, but nearly. After an upper-case letter comes the same letter, without end. An adapter
 * leaves letters out: its rank is the distance.
 */
public final class AlphabetDecoder implements Decoder {
  private final int contextTokens;
  private final Semaphore gate = new Semaphore(0);
  private final AtomicLong steps = new AtomicLong();
  private volatile boolean gated;
  private volatile boolean broken;

  /**
   * @param contextTokens most tokens of a sequence
   */
  public AlphabetDecoder(int contextTokens) {
    this.contextTokens = contextTokens;
  }

  /** From now on each step waits for {@link #letSteps}. */
  public void hold() {
    gated = true;
  }

  /** Lets some steps go. */
  public void letSteps(int count) {
    gate.release(count);
  }

  /** Lets all steps go. */
  public void release() {
    gated = false;
    gate.release(1_000);
  }

  /** From now on each step fails. */
  public void breakDown() {
    broken = true;
  }

  /** Steps that have begun. */
  public long steps() {
    return steps.get();
  }

  @Override
  public int vocabularySize() {
    return ByteTokenizer.SIZE;
  }

  @Override
  public int contextTokens() {
    return contextTokens;
  }

  @Override
  public int blockTokens() {
    return 16;
  }

  @Override
  public int blocks() {
    return 1 << 16;
  }

  @Override
  public int maxBatchTokens() {
    return 1024;
  }

  @Override
  public void forward(Batch batch, float[][] logits) {
    steps.incrementAndGet();
    if (gated) {
      gate.acquireUninterruptibly();
    }
    if (broken) {
      throw new IllegalStateException("the decoder was broken by a test");
    }
    for (int i = 0; i < batch.logitRows().length; i++) {
      int row = batch.logitRows()[i];
      Adapter adapter =
          batch.adapters().length == 0 ? Adapter.NONE : batch.adapters()[batch.sequences()[row]];
      int stride = adapter instanceof Stride(int letters) ? letters : 1;
      Arrays.fill(logits[i], 0);
      logits[i][next(batch.tokens()[row], stride)] = 9;
    }
  }

  /** An adapter of this rank takes so many letters at once. */
  private record Stride(int letters) implements Adapter {
    @Override
    public long bytes() {
      return 1000L * letters;
    }

    @Override
    public void close() {}
  }

  @Override
  public long adapterBytes(AdapterFile file) {
    return 1000L * file.deltas().getFirst().rank();
  }

  @Override
  public Adapter load(AdapterFile file) {
    return new Stride(file.deltas().getFirst().rank());
  }

  private static int next(int token, int stride) {
    if (token >= 'A' && token <= 'Z') {
      return token;
    }
    if (token == 'z') {
      return ByteTokenizer.END;
    }
    return token >= 'a' && token < 'z' ? Math.min(token + stride, 'z') : 'a';
  }

  @Override
  public void close() {
    release();
  }
}
