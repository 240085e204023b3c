package io.yuntai.engine.speculation;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import java.util.Arrays;

/**
 * One sequence in a {@link DraftModel}. Its keys and values are computed only when drafts are
 * wanted, a chunk at a time, so that a long prompt never holds up the step for long.
 */
final class ModelDrafts implements Drafts {
  /** Most tokens that the small model reads within one step of the large one. */
  private static final int CHUNK = 64;

  private static final double FIRST_CHANCE = 0.7;
  private static final double RATE = 1.0 / 16;
  private static final int FIRST_PAUSE = 32;
  private static final int LONGEST_PAUSE = 1024;

  /** Tokens of a trial after a pause. */
  private static final int TRIAL = 2;

  /** A token whose logit is no farther before the next one's is too uncertain to go on from. */
  private static final float LEAST_LEAD = 1;

  private final DraftModel model;
  private final TokenSequence sequence;
  private final int[] proposal = new int[Speculator.MAX_DRAFT];
  private int[] blocks = {};
  private int computed;
  private int base;
  private int proposed;
  private double chance = FIRST_CHANCE;
  private int idle;
  private int pause = FIRST_PAUSE;
  private boolean trial;

  ModelDrafts(DraftModel model, TokenSequence sequence) {
    this.model = model;
    this.sequence = sequence;
  }

  @Override
  public int prepare() {
    forgetWrongProposals();
    idle++;
    trial = idle > pause;
    int length = sequence.length();
    Decoder decoder = model.decoder();
    int tokens = (blocks.length + model.freeBlocks()) * decoder.blockTokens();
    int most = trial ? TRIAL : proposal.length;
    return Math.clamp(Math.min(decoder.contextTokens(), tokens) - (long) length, 0, most);
  }

  /**
   * After a pause it is tried again, whatever was seen: the text may have become easier, and the
   * first passes may have been slow because nothing was compiled.
   */
  @Override
  public double chance(int index) {
    return trial ? Math.max(chance, FIRST_CHANCE) : chance;
  }

  @Override
  public double costNanos(int tokens) {
    return trial ? 0 : tokens * model.costs().nanos(1);
  }

  @Override
  public int propose(int[] into, int most) {
    idle = 0;
    pause = trial ? longerPause() : pause;
    int length = sequence.length();
    takeBlocks(length + most);
    if (length - computed > CHUNK) {
      forward(computed, CHUNK, false);
      return 0;
    }
    base = length;
    proposed = 0;
    forward(computed, length - computed, true);
    while (true) {
      int next = likeliest();
      if (next < 0) {
        return proposed;
      }
      into[proposed] = next;
      proposal[proposed++] = next;
      if (proposed == most) {
        return proposed;
      }
      forward(length + proposed - 1, 1, true);
    }
  }

  @Override
  public void verified(int tokens, int accepted) {
    for (int i = 0; i < Math.min(tokens, accepted + 1); i++) {
      chance += RATE * ((i < accepted ? 1 : 0) - chance);
    }
    if (!trial) {
      pause = accepted > tokens / 2 ? FIRST_PAUSE : longerPause();
    }
  }

  @Override
  public void close() {
    model.giveBack(blocks);
    blocks = new int[0];
    computed = 0;
  }

  private int longerPause() {
    return Math.min(2 * pause, LONGEST_PAUSE);
  }

  private void forgetWrongProposals() {
    int right = 0;
    while (right < proposed
        && base + right < sequence.length()
        && sequence.token(base + right) == proposal[right]) {
      right++;
    }
    computed = Math.min(computed, base + right);
  }

  private void takeBlocks(int positions) {
    int held = blocks.length;
    int needed = Math.ceilDiv(positions, model.decoder().blockTokens());
    if (needed > held) {
      blocks = Arrays.copyOf(blocks, needed);
      for (int i = held; i < needed; i++) {
        blocks[i] = model.takeBlock();
      }
    }
  }

  private void forward(int first, int tokens, boolean logits) {
    int[] ids = new int[tokens];
    int[] positions = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      int position = first + i;
      ids[i] =
          position < sequence.length()
              ? sequence.token(position)
              : proposal[position - sequence.length()];
      positions[i] = position;
    }
    long start = model.nanoTime();
    model
        .decoder()
        .forward(
            new Batch(
                ids,
                positions,
                new int[tokens],
                new int[][] {blocks},
                logits ? new int[] {tokens - 1} : new int[0]),
            new float[][] {model.logits()});
    if (logits) {
      model.costs().record(tokens, model.nanoTime() - start);
    }
    computed = first + tokens;
  }

  /** The id with the largest logit; negative where another one comes near. */
  private int likeliest() {
    float[] logits = model.logits();
    float best = Float.NEGATIVE_INFINITY;
    float second = Float.NEGATIVE_INFINITY;
    int bestId = -1;
    for (int id = 0; id < model.vocabularySize(); id++) {
      if (logits[id] > best) {
        second = best;
        best = logits[id];
        bestId = id;
      } else if (logits[id] > second) {
        second = logits[id];
      }
    }
    return best - second > LEAST_LEAD ? bestId : -1;
  }
}
