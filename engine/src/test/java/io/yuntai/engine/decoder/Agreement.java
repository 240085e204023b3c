package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.kernel.KvCache;
import java.nio.file.Path;
import java.util.Arrays;

/** Judges the engine's logits for a file by those of plain arithmetic. */
final class Agreement {
  private static final double BOUND = 2e-5;

  private Agreement() {}

  /** All tokens in one batch, and one by one: the same bits, near what is expected. */
  static void check(Path file, int[] tokens, double[][] expected, String what) {
    try (Decoder decoder = open(file)) {
      float[][] logits = new Sequence(decoder, 0).append(tokens);
      for (int t = 0; t < tokens.length; t++) {
        double range =
            Arrays.stream(expected[t]).max().orElseThrow()
                - Arrays.stream(expected[t]).min().orElseThrow();
        for (int i = 0; i < expected[t].length; i++) {
          assertThat(Math.abs(logits[t][i] - expected[t][i]))
              .as("%s: token %d, logit %d", what, t, i)
              .isLessThan(BOUND * range);
        }
      }
      for (int chunk : new int[] {1, 5}) {
        assertThat(new Sequence(decoder, 0).appendChunked(tokens, chunk))
            .as("%s: chunks of %d", what, chunk)
            .isDeepEqualTo(logits);
      }
    }
  }

  static Decoder open(Path file) {
    return LoadedModel.open(file, new LoadOptions(0, 0, KvCache.Format.F32, 2)).decoder();
  }
}
