package io.yuntai.engine.sampling;

import io.yuntai.engine.GenerationEvent.TokenLogprob;
import io.yuntai.engine.GenerationEvent.TokenLogprobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * From a row of logits to a token: a pure function of logits, history, parameters and position,
 * with buffers that are used again. For one thread.
 *
 * <p>The definition, which is part of the numeric contract:
 *
 * <ol>
 *   <li><b>Logit bias</b> is added to the logits of its tokens. Then the <b>repetition penalty</b>
 *       divides the logit of each token that occurred in prompt or answer where it is above 0, and
 *       multiplies it otherwise. Then {@code presence + frequency * count} is subtracted from those
 *       of the tokens generated so far (not the prompt's). Each of the three is computed in double
 *       and rounded to F32 once.
 *   <li>A <b>mask</b>, where there is one, leaves only its tokens; all others count as if their
 *       logits were negative infinity.
 *   <li>With <b>temperature</b> 0 the token with the largest logit is the result; of equal ones the
 *       lowest id. Nothing below applies.
 *   <li>Tokens are ranked by logit, descending; equal ones by id, ascending. A token's
 *       <b>weight</b> is {@code exp((logit - best) / temperature)}, so rank 0 has weight 1. Sums of
 *       weights run in order of rank. All of this is in double with {@link StrictMath}.
 *   <li><b>Top-k</b> keeps the first k ranks; 0 keeps all.
 *   <li><b>Top-p</b> keeps the shortest run of first ranks whose sum is at least {@code topP} times
 *       the sum of what top-k kept; 1 keeps all.
 *   <li><b>Min-p</b> drops ranks whose weight is below {@code minP}, that is, whose probability is
 *       below that fraction of the likeliest token's.
 *   <li><b>The draw</b>: {@code u} in [0, 1) is Philox's number for (seed, stream, position); the
 *       result is the first rank whose running sum exceeds {@code u} times the sum of all that are
 *       left.
 * </ol>
 *
 * <p>A logit of negative infinity marks a token that cannot be chosen. NaN, positive infinity, or
 * no token at all to choose is a {@link BadLogitsException}.
 */
public final class Sampler {
  // Adding a weight below 2^-53 to a sum of at least 1 does not change it; exp(-37) is.
  private static final double NEGLIGIBLE = -37;

  private final int vocabularySize;
  private final float[] adjusted;
  private final RankedCandidates candidates;
  private final long[] repeated;
  private final int[] allowedIds;
  private final float[] allowedLogits;

  /**
   * @param vocabularySize number of tokens to choose from; a row may be longer, its rest is ignored
   */
  public Sampler(int vocabularySize) {
    this.vocabularySize = vocabularySize;
    this.adjusted = new float[vocabularySize];
    this.candidates = new RankedCandidates(vocabularySize);
    this.repeated = new long[Math.ceilDiv(vocabularySize, Long.SIZE)];
    this.allowedIds = new int[vocabularySize];
    this.allowedLogits = new float[vocabularySize];
  }

  /** As the other one, for a sequence whose tokens no repetition penalty asks for. */
  public int sample(
      float[] logits, TokenCounts generated, SamplingParameters parameters, long position) {
    return sample(logits, generated, PastTokens.NONE, parameters, position);
  }

  /**
   * Chooses a token.
   *
   * @param logits one row, not changed
   * @param generated counts of the tokens generated so far; read only where a penalty is not 0
   * @param past all tokens so far; read only where there is a repetition penalty
   * @param parameters how to choose; ids of its logit bias are below the vocabulary's size
   * @param position the new token's place in its sequence, the prompt's first token being 0
   * @throws BadLogitsException when the logits allow no choice
   */
  public int sample(
      float[] logits,
      TokenCounts generated,
      PastTokens past,
      SamplingParameters parameters,
      long position) {
    float[] row = adjust(logits, generated, past, parameters);
    return choose(row, vocabularySize, parameters, position);
  }

  /**
   * Chooses one of some tokens.
   *
   * @param logits one row, not changed
   * @param generated counts of the tokens generated so far; read only where a penalty is not 0
   * @param past all tokens so far; read only where there is a repetition penalty
   * @param parameters how to choose; ids of its logit bias are below the vocabulary's size
   * @param position the new token's place in its sequence, the prompt's first token being 0
   * @param mask a bit for each id, set for those to choose from; ids beyond the vocabulary don't
   *     count
   * @throws BadLogitsException when the logits or the mask allow no choice
   */
  public int sample(
      float[] logits,
      TokenCounts generated,
      PastTokens past,
      SamplingParameters parameters,
      long position,
      long[] mask) {
    // What is left is gathered in ascending order of ids, so that ties fall as they would.
    int allowed = 0;
    for (int word = 0; word < mask.length; word++) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        int id = 64 * word + Long.numberOfTrailingZeros(bits);
        if (id < vocabularySize) {
          allowedIds[allowed++] = id;
        }
      }
    }
    if (allowed == 0) {
      throw new BadLogitsException(
          "the grammar asks for bytes that the model's vocabulary has no tokens for");
    }
    if (allowed == 1) {
      return allowedIds[0];
    }
    float[] row = adjust(logits, generated, past, parameters);
    for (int i = 0; i < allowed; i++) {
      allowedLogits[i] = row[allowedIds[i]];
    }
    return allowedIds[choose(allowedLogits, allowed, parameters, position)];
  }

  /** The place in a row of so many candidates. */
  private int choose(float[] row, int size, SamplingParameters parameters, long position) {
    int best = argMax(row, size);
    if (parameters.temperature() == 0) {
      return best;
    }
    candidates.reset(row, size, row[best], parameters.temperature());
    int kept = keep(parameters);
    if (kept == 1) {
      return best;
    }
    double u = Philox.uniform(parameters.seed(), parameters.stream(), position);
    return candidates.id(candidates.firstReaching(u, kept, true));
  }

  /**
   * Log-probabilities of the raw logits: temperature 1, before bias and penalties. The natural
   * logarithm of the sum of all {@code exp(logit - best)}, which starts with the best token's 1 and
   * adds the others in ascending order of id, in double with {@link StrictMath}.
   *
   * @param logits one row
   * @param chosen the token that was chosen
   * @param top how many of the likeliest tokens to report, of equal ones the lowest ids
   */
  public TokenLogprobs logprobs(float[] logits, int chosen, int top) {
    int best = argMax(logits, vocabularySize);
    double bestLogit = logits[best];
    double sum = 1;
    for (int id = 0; id < vocabularySize; id++) {
      double difference = logits[id] - bestLogit;
      if (difference > NEGLIGIBLE && id != best) {
        sum += StrictMath.exp(difference);
      }
    }
    double logSum = StrictMath.log(sum);
    List<TokenLogprob> likeliest = new ArrayList<>(top);
    for (int id : likeliest(logits, Math.min(top, vocabularySize))) {
      likeliest.add(new TokenLogprob(id, logits[id] - bestLogit - logSum));
    }
    return new TokenLogprobs(
        new TokenLogprob(chosen, logits[chosen] - bestLogit - logSum), List.copyOf(likeliest));
  }

  private float[] adjust(
      float[] logits, TokenCounts generated, PastTokens past, SamplingParameters parameters) {
    boolean penalised = parameters.presencePenalty() != 0 || parameters.frequencyPenalty() != 0;
    boolean repetition = !parameters.repetition().isNone();
    if (!penalised && !repetition && parameters.logitBias().isEmpty()) {
      return logits;
    }
    System.arraycopy(logits, 0, adjusted, 0, vocabularySize);
    for (Map.Entry<Integer, Double> bias : parameters.logitBias().entrySet()) {
      int id = bias.getKey();
      adjusted[id] = (float) (adjusted[id] + bias.getValue());
    }
    if (repetition) {
      penaliseRepeated(past, parameters.repetition());
    }
    if (penalised) {
      generated.penalise(adjusted, parameters.presencePenalty(), parameters.frequencyPenalty());
    }
    return adjusted;
  }

  /** Each token once, however often it occurred. */
  private void penaliseRepeated(PastTokens past, Repetition repetition) {
    int end = past.length();
    int window = repetition.lastTokens();
    int begin = window == 0 ? 0 : Math.max(0, end - window);
    for (int position = begin; position < end; position++) {
      int id = past.token(position);
      long bit = 1L << id;
      if (id < vocabularySize && (repeated[id / Long.SIZE] & bit) == 0) {
        repeated[id / Long.SIZE] |= bit;
        adjusted[id] = repetition.applied(adjusted[id]);
      }
    }
    for (int position = begin; position < end; position++) {
      int id = past.token(position);
      if (id < vocabularySize) {
        repeated[id / Long.SIZE] = 0;
      }
    }
  }

  /** How many of the first ranks survive the filters; at least 1. */
  private int keep(SamplingParameters parameters) {
    int kept = candidates.size();
    if (parameters.topK() > 0) {
      kept = Math.min(kept, parameters.topK());
    }
    if (parameters.topP() < 1) {
      kept = candidates.firstReaching(parameters.topP(), kept, false) + 1;
    }
    if (parameters.minP() > 0) {
      int rank = 1;
      while (rank < kept && candidates.weight(rank) >= parameters.minP()) {
        rank++;
      }
      kept = rank;
    }
    return kept;
  }

  private static int argMax(float[] row, int size) {
    float best = Float.NEGATIVE_INFINITY;
    int bestId = -1;
    for (int id = 0; id < size; id++) {
      float logit = row[id];
      if (logit > best) {
        best = logit;
        bestId = id;
      } else if (Float.isNaN(logit)) {
        throw new BadLogitsException(
            "the model computed a logit that is not a number, for token "
                + id
                + ": its weights are damaged or out of range");
      }
    }
    if (bestId < 0 || best == Float.POSITIVE_INFINITY) {
      throw new BadLogitsException(
          "the model computed infinite logits: its weights are damaged or out of range");
    }
    return bestId;
  }

  /** The ids of the largest logits, in order of rank; by insertion, for {@code count} is small. */
  private int[] likeliest(float[] logits, int count) {
    int[] ids = new int[count];
    int found = 0;
    for (int id = 0; id < vocabularySize && count > 0; id++) {
      if (found == count && logits[id] <= logits[ids[count - 1]]) {
        continue;
      }
      int place = found < count ? found++ : count - 1;
      while (place > 0 && logits[ids[place - 1]] < logits[id]) {
        ids[place] = ids[place - 1];
        place--;
      }
      ids[place] = id;
    }
    return ids;
  }
}
