package io.yuntai.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankedCandidatesTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void theEstimatedTotalIsFarNearerToTheExactOneThanItsBoundSays() {
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      int size = 1 + random.nextInt(3_000);
      double spread = random.nextDouble(0, 20);
      float[] row = new float[size];
      for (int id = 0; id < size; id++) {
        row[id] = (float) (-Math.abs(random.nextGaussian()) * spread);
      }
      row[random.nextInt(size)] = 0;
      RankedCandidates candidates = new RankedCandidates(size);
      candidates.reset(row, row.length, 0, random.nextDouble(0.01, 2));
      double exact = candidates.running(candidates.size() - 1);
      assertThat(candidates.estimateTotal())
          .as("seed %d, case %d", SEED, i)
          .isCloseTo(exact, within(exact * 1e-9));
    }
  }
}
