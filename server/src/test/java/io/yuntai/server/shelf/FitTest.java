package io.yuntai.server.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FitTest {
  private static final long GB = 1_000_000_000;

  @Test
  void aModelFitsWhereItsWeightsAndAContextDo() {
    assertThat(Fit.estimate(4 * GB, 1, 8 * GB, 16 * GB, 0).verdict()).isEqualTo(Fit.Verdict.FITS);
    assertThat(Fit.estimate(8 * GB, 1, 8 * GB, 16 * GB, 0).verdict()).isEqualTo(Fit.Verdict.TIGHT);
    assertThat(Fit.estimate(20 * GB, 1, 8 * GB, 16 * GB, 0).verdict())
        .isEqualTo(Fit.Verdict.TOO_LARGE);
    assertThat(Fit.estimate(0, 1, 8 * GB, 16 * GB, 0).verdict()).isEqualTo(Fit.Verdict.UNKNOWN);
  }

  @Test
  void speedIsBandwidthOverWhatATokenReads() {
    // docs/roofline.md: 392 MB of weights at 32 GB/s came to 58 tok/s.
    double expected = Fit.exact(GB, 392_000_000, 8 * GB, 16 * GB, 32e9).tokensPerSecond();
    assertThat(expected).isCloseTo(58, within(58 * Fit.UNCERTAINTY));
  }

  @Test
  void namesTellHowManyWeightsATokenNeeds() {
    assertThat(ModelShelf.activeShare("qwen3:30b-a3b")).isEqualTo(0.1);
    assertThat(ModelShelf.activeShare("qwen3:8b")).isEqualTo(1);
    assertThat(ModelShelf.likelyBytes("qwen3:8b")).isBetween(4 * GB, 6 * GB);
    assertThat(ModelShelf.likelyBytes("smollm2:135m")).isZero();
  }
}
