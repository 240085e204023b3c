package io.yuntai.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.engine.GenerationEvent.TokenLogprob;
import io.yuntai.engine.GenerationEvent.TokenLogprobs;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void theLazySamplerEqualsTheDefinitionOnRandomRows() {
    Random random = new Random(SEED);
    for (int i = 0; i < 3_000; i++) {
      int vocabulary = 1 + random.nextInt(i % 100 == 0 ? 20_000 : 300);
      float[] row = randomRow(random, vocabulary);
      SamplingParameters parameters = randomParameters(random, vocabulary);
      TokenCounts counts = new TokenCounts();
      int[] history = random.ints(random.nextInt(20), 0, vocabulary).toArray();
      int prompt = random.nextInt(history.length + 1);
      Arrays.stream(history).skip(prompt).forEach(counts::add);
      int position = random.nextInt(5_000);
      Sampler sampler = new Sampler(vocabulary);
      for (int draw = 0; draw < 3; draw++) {
        assertThat(sampler.sample(row, counts, past(history), parameters, position + draw))
            .as("seed %d, case %d, %s", SEED, i, parameters)
            .isEqualTo(byDefinition(row, history, prompt, parameters, position + draw));
      }
    }
  }

  @Test
  void aSamplerKeepsNothingFromOneRowToTheNext() {
    Random random = new Random(SEED);
    Sampler used = new Sampler(500);
    for (int i = 0; i < 500; i++) {
      float[] row = randomRow(random, 500);
      SamplingParameters parameters = randomParameters(random, 500);
      assertThat(used.sample(row, new TokenCounts(), parameters, i))
          .as("seed %d, case %d", SEED, i)
          .isEqualTo(new Sampler(500).sample(row, new TokenCounts(), parameters, i));
    }
  }

  @Test
  void aWholeVocabularyOfEqualLogitsIsDrawnFromEvenly() {
    int vocabulary = 151_936;
    Sampler sampler = new Sampler(vocabulary);
    float[] row = new float[vocabulary];
    for (int position = 0; position < 5; position++) {
      double u = Philox.uniform(9, 0, position);
      assertThat(sampler.sample(row, new TokenCounts(), atTemperature(1, 9), position))
          .isEqualTo((int) (u * vocabulary));
    }
  }

  @Test
  void topPThatIsReachedExactlyKeepsNoMore() {
    // The bounds of a fast estimate cannot decide this; only the exact sum does.
    for (int kept = 1; kept <= 4; kept++) {
      SamplingParameters parameters =
          new SamplingParameters(1, kept / 4.0, 0, 0, 0, 0, Map.of(), SEED, 0);
      Sampler sampler = new Sampler(4);
      int[] drawn =
          IntStream.range(0, 200)
              .map(at -> sampler.sample(new float[4], new TokenCounts(), parameters, at))
              .distinct()
              .sorted()
              .toArray();
      assertThat(drawn).isEqualTo(IntStream.range(0, kept).toArray());
    }
  }

  @Test
  void drawsFollowTheProbabilities() {
    float[] row = {0, (float) Math.log(2), (float) Math.log(5), Float.NEGATIVE_INFINITY};
    Sampler sampler = new Sampler(4);
    int[] drawn = new int[4];
    for (int position = 0; position < 80_000; position++) {
      drawn[sampler.sample(row, new TokenCounts(), atTemperature(1, 5), position)]++;
    }
    assertThat(drawn[0]).isBetween(9_600, 10_400);
    assertThat(drawn[1]).isBetween(19_400, 20_600);
    assertThat(drawn[2]).isBetween(49_300, 50_700);
    assertThat(drawn[3]).isZero();
  }

  @Test
  void temperatureZeroTakesTheLowestOfEqualBests() {
    assertThat(greedy(1, 7, 3, 7)).isEqualTo(1);
    assertThat(greedy(-0.0f, 0.0f)).isZero();
  }

  @Test
  void onlyTheVocabularyIsChosenFromWhereARowIsLonger() {
    assertThat(new Sampler(2).sample(new float[] {1, 2, 9}, new TokenCounts(), GREEDY, 0))
        .isEqualTo(1);
  }

  @Test
  void penaltiesCountOccurrences() {
    TokenCounts counts = new TokenCounts();
    counts.add(0);
    counts.add(0);
    counts.add(1);
    float[] row = {10, 9.5f, 8};
    Sampler sampler = new Sampler(3);
    assertThat(sampler.sample(row, counts, penalties(2, 0), 0)).isZero();
    assertThat(sampler.sample(row, counts, penalties(0, 1), 0)).isEqualTo(1);
    assertThat(sampler.sample(row, counts, penalties(1, 1.5), 0)).isEqualTo(2);
    assertThat(row).containsExactly(10, 9.5f, 8);
  }

  @Test
  void logitBiasForcesAndForbids() {
    float[] row = {10, 9, 8};
    Sampler sampler = new Sampler(3);
    assertThat(sampler.sample(row, new TokenCounts(), biased(Map.of(2, 100.0)), 0)).isEqualTo(2);
    assertThat(sampler.sample(row, new TokenCounts(), biased(Map.of(0, -100.0)), 0)).isEqualTo(1);
  }

  @Test
  void logitsThatAllowNoChoiceAreRefused() {
    assertThatThrownBy(() -> greedy(1, Float.NaN, 2))
        .isInstanceOf(BadLogitsException.class)
        .hasMessageContaining("not a number, for token 1");
    assertThatThrownBy(() -> greedy(1, Float.POSITIVE_INFINITY))
        .isInstanceOf(BadLogitsException.class);
    assertThatThrownBy(() -> greedy(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY))
        .isInstanceOf(BadLogitsException.class);
  }

  @Test
  void extremeTemperaturesStayDefined() {
    float[] row = {1, 3.4e38f, -3.4e38f, 2};
    Sampler sampler = new Sampler(4);
    assertThat(sampler.sample(row, new TokenCounts(), atTemperature(1e-320, 1), 0)).isEqualTo(1);
    assertThat(sampler.sample(row, new TokenCounts(), atTemperature(2, 1), 0)).isEqualTo(1);
  }

  @Test
  void logprobsAreTheLogSoftmaxOfTheRawLogits() {
    Random random = new Random(SEED);
    float[] row = randomRow(random, 2_000);
    double best = IntStream.range(0, row.length).mapToDouble(i -> row[i]).max().orElseThrow();
    double sum = IntStream.range(0, row.length).mapToDouble(i -> Math.exp(row[i] - best)).sum();
    TokenLogprobs logprobs = new Sampler(2_000).logprobs(row, 17, 20);

    assertThat(logprobs.chosen().id()).isEqualTo(17);
    assertThat(logprobs.chosen().logprob()).isCloseTo(row[17] - best - Math.log(sum), within(1e-9));
    assertThat(logprobs.top().stream().map(TokenLogprob::id))
        .containsExactlyElementsOf(ranked(row).subList(0, 20));
    assertThat(logprobs.top())
        .allSatisfy(top ->
            assertThat(top.logprob())
                .isCloseTo(row[top.id()] - best - Math.log(sum), within(1e-9)));
  }

  @Test
  void moreLogprobsThanTokensGivesAllTokens() {
    TokenLogprobs logprobs = new Sampler(3).logprobs(new float[] {1, 2, 2}, 0, 20);
    assertThat(logprobs.top().stream().map(TokenLogprob::id)).containsExactly(1, 2, 0);
    assertThat(new Sampler(3).logprobs(new float[] {1, 2, 2}, 0, 0).top()).isEmpty();
  }

  @Test
  void whatWasSaidBeforeBecomesLessLikelyByAFactor() {
    Sampler sampler = new Sampler(3);
    float[] row = {4, 3, -1};
    assertThat(repeating(sampler, row, 1.2, 0, 0)).isEqualTo(0);
    assertThat(repeating(sampler, row, 1.5, 0, 0)).isEqualTo(1);
    assertThat(repeating(sampler, row, 1.5, 0, 0, 0, 0)).as("once, however often").isEqualTo(1);
    assertThat(repeating(sampler, row, 1.5, 2, 0, 1, 2)).as("out of the window").isEqualTo(0);
    assertThat(repeating(sampler, new float[] {-1, -1.4f}, 1.5, 0, 0))
        .as("a logit below 0 grows")
        .isEqualTo(1);
    assertThatThrownBy(() -> new Repetition(0, 0)).hasMessageContaining("0.01 and 100");
    assertThatThrownBy(() -> new Repetition(Double.NaN, 0)).hasMessageContaining("0.01 and 100");
  }

  private static int repeating(
      Sampler sampler, float[] row, double penalty, int lastTokens, int... past) {
    SamplingParameters parameters =
        new SamplingParameters(
            0, 1, 0, 0, 0, 0, new Repetition(penalty, lastTokens), Map.of(), 0, 0);
    Sampler sized = row.length == 3 ? sampler : new Sampler(row.length);
    return sized.sample(row, new TokenCounts(), past(past), parameters, 0);
  }

  private static PastTokens past(int[] ids) {
    return new PastTokens() {
      @Override
      public int length() {
        return ids.length;
      }

      @Override
      public int token(int position) {
        return ids[position];
      }
    };
  }

  private static final SamplingParameters GREEDY = SamplingParameters.GREEDY;

  private static int greedy(float... row) {
    return new Sampler(row.length).sample(row, new TokenCounts(), GREEDY, 0);
  }

  private static SamplingParameters atTemperature(double temperature, long seed) {
    return new SamplingParameters(temperature, 1, 0, 0, 0, 0, Map.of(), seed, 0);
  }

  private static SamplingParameters penalties(double presence, double frequency) {
    return new SamplingParameters(0, 1, 0, 0, presence, frequency, Map.of(), 0, 0);
  }

  private static SamplingParameters biased(Map<Integer, Double> bias) {
    return new SamplingParameters(0, 1, 0, 0, 0, 0, bias, 0, 0);
  }

  /** Rows as they come: smooth, with many ties, nearly flat, with masked tokens. */
  private static float[] randomRow(Random random, int length) {
    int kind = random.nextInt(4);
    float[] row = new float[length];
    for (int i = 0; i < length; i++) {
      row[i] =
          switch (kind) {
            case 0 -> (float) (random.nextGaussian() * 4);
            case 1 -> random.nextInt(5) - 2;
            case 2 -> (float) (random.nextGaussian() * 1e-3);
            default ->
                i > 0 && random.nextInt(3) == 0
                    ? Float.NEGATIVE_INFINITY
                    : (float) (random.nextGaussian() * 10);
          };
    }
    return row;
  }

  private static SamplingParameters randomParameters(Random random, int vocabulary) {
    Map<Integer, Double> bias = new HashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      bias.put(random.nextInt(vocabulary), random.nextDouble(-5, 5));
    }
    return new SamplingParameters(
        random.nextInt(8) == 0 ? 0 : random.nextDouble(0.01, 2),
        random.nextBoolean() ? 1 : random.nextDouble(0.01, 1),
        random.nextBoolean() ? 0 : 1 + random.nextInt(2 * vocabulary),
        random.nextBoolean() ? 0 : random.nextDouble(0, 0.3),
        random.nextBoolean() ? 0 : random.nextDouble(-2, 2),
        random.nextBoolean() ? 0 : random.nextDouble(-2, 2),
        random.nextBoolean()
            ? Repetition.NONE
            : new Repetition(random.nextDouble(0.5, 2), random.nextInt(12)),
        bias,
        random.nextLong(),
        random.nextInt(4));
  }

  private static List<Integer> ranked(float[] row) {
    return IntStream.range(0, row.length)
        .boxed()
        .filter(id -> row[id] != Float.NEGATIVE_INFINITY)
        .sorted(
            Comparator.comparingDouble((Integer id) -> -(double) (row[id] + 0.0f))
                .thenComparingInt(id -> id))
        .toList();
  }

  /** The definition in {@link Sampler}'s words, with nothing clever. */
  private static int byDefinition(
      float[] logits, int[] past, int prompt, SamplingParameters parameters, long position) {
    float[] row = logits.clone();
    parameters.logitBias().forEach((id, bias) -> row[id] = (float) (row[id] + bias));
    int last = parameters.repetition().lastTokens();
    Arrays.stream(past)
        .skip(last == 0 ? 0 : Math.max(0, past.length - last))
        .distinct()
        .forEach(id -> {
          double penalty = parameters.repetition().penalty();
          row[id] = (float) (row[id] > 0 ? row[id] / penalty : row[id] * penalty);
        });
    int[] history = Arrays.copyOfRange(past, prompt, past.length);
    if (parameters.presencePenalty() != 0 || parameters.frequencyPenalty() != 0) {
      for (int id : Arrays.stream(history).distinct().toArray()) {
        long count = Arrays.stream(history).filter(other -> other == id).count();
        row[id] =
            (float)
                (row[id] - (parameters.presencePenalty() + parameters.frequencyPenalty() * count));
      }
    }
    List<Integer> ranks = ranked(row);
    if (parameters.temperature() == 0) {
      return ranks.getFirst();
    }
    double best = row[ranks.getFirst()];
    double[] weights =
        ranks.stream()
            .mapToDouble(id -> StrictMath.exp((row[id] - best) / parameters.temperature()))
            .toArray();
    double[] sums = weights.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] = sums[i - 1] + weights[i];
    }
    int kept = parameters.topK() == 0 ? ranks.size() : Math.min(parameters.topK(), ranks.size());
    if (parameters.topP() < 1) {
      double target = parameters.topP() * sums[kept - 1];
      int rank = 0;
      while (sums[rank] < target) {
        rank++;
      }
      kept = rank + 1;
    }
    while (kept > 1 && weights[kept - 1] < parameters.minP()) {
      kept--;
    }
    double u = Philox.uniform(parameters.seed(), parameters.stream(), position);
    for (int rank = 0; rank < kept; rank++) {
      if (sums[rank] > u * sums[kept - 1]) {
        return ranks.get(rank);
      }
    }
    return ranks.get(kept - 1);
  }
}
