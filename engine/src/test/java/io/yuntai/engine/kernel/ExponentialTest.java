package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExponentialTest {
  @Test
  void isWithinTwoUnitsInTheLastPlace() {
    for (float x = Exponential.MIN; x < Exponential.MAX; x += 0.0007f) {
      double exact = StrictMath.exp(x);
      assertThat(Math.abs(Exponential.exp(x) - exact))
          .as("exp(%s)", x)
          .isLessThanOrEqualTo(2 * Math.ulp((float) exact));
    }
  }

  @Test
  void isZeroFarBelowAndBoundedFarAbove() {
    assertThat(Exponential.exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(Exponential.exp(-1000)).isZero();
    assertThat(Exponential.exp(0)).isOne();
    assertThat(Exponential.exp(1000)).isFinite().isGreaterThan(1e38f);
  }
}
