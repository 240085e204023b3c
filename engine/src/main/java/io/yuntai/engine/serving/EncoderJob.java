package io.yuntai.engine.serving;

import io.yuntai.engine.Encoding;
import io.yuntai.engine.WorkWitness;
import io.yuntai.engine.encoder.EncoderInput;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A request's sequences on their way through steps. Changed by the step thread only. */
final class EncoderJob implements Encoding {
  private final String namespace;
  private final List<EncoderInput> inputs;
  private final float[][] results;
  private final WorkWitness witness;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean cancelled;
  private volatile @Nullable Outcome outcome;
  private int taken;
  private int computed;
  private int computedTokens;

  EncoderJob(String namespace, List<EncoderInput> inputs, int resultWidth, WorkWitness witness) {
    this.witness = witness;
    this.namespace = namespace;
    this.inputs = List.copyOf(inputs);
    this.results = new float[inputs.size()][resultWidth];
  }

  String namespace() {
    return namespace;
  }

  /** The next sequence that no step has taken; only while {@link #hasMore}. */
  EncoderInput next() {
    return inputs.get(taken);
  }

  /** Takes that sequence into a step; returns the row of its result. */
  float[] take() {
    return results[taken++];
  }

  boolean hasMore() {
    return taken < inputs.size();
  }

  /** Tokens of sequences that no step has taken. */
  long waitingTokens() {
    return inputs.stream().skip(taken).mapToLong(input -> input.tokens().length).sum();
  }

  /** One more result is there, of so many tokens; true if it was the last. */
  boolean computedOne(int tokens) {
    computedTokens += tokens;
    return ++computed == inputs.size();
  }

  float[][] results() {
    return results;
  }

  boolean cancelled() {
    return cancelled;
  }

  void end(Outcome how) {
    if (outcome == null) {
      witness.ended(new WorkWitness.Work(computedTokens, 0, 0));
      outcome = how;
      ended.countDown();
    }
  }

  @Override
  public Outcome await() throws InterruptedException {
    ended.await();
    Outcome how = outcome;
    if (how == null) {
      throw new IllegalStateException("an encoding ended without an outcome");
    }
    return how;
  }

  @Override
  public void cancel() {
    cancelled = true;
  }
}
