package io.yuntai.engine.serving;

import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.decoder.Adapter;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import java.util.concurrent.CountDownLatch;

/** A decoder that takes so many steps and then waits until it is opened. */
final class GatedDecoder implements Decoder {
  private final Decoder decoder;
  private final CountDownLatch gate = new CountDownLatch(1);
  private int stepsLeft;

  GatedDecoder(Decoder decoder, int steps) {
    this.decoder = decoder;
    this.stepsLeft = steps;
  }

  void open() {
    gate.countDown();
  }

  @Override
  public void forward(Batch batch, float[][] logits) {
    if (stepsLeft-- <= 0) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    decoder.forward(batch, logits);
  }

  @Override
  public long adapterBytes(AdapterFile file) {
    return decoder.adapterBytes(file);
  }

  @Override
  public Adapter load(AdapterFile file) {
    return decoder.load(file);
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
  public int blockTokens() {
    return decoder.blockTokens();
  }

  @Override
  public int blocks() {
    return decoder.blocks();
  }

  @Override
  public int maxBatchTokens() {
    return decoder.maxBatchTokens();
  }

  @Override
  public void close() {
    decoder.close();
  }
}
