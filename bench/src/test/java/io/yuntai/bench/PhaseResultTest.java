package io.yuntai.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PhaseResultTest {
  @Test
  void ratiosAreTakenPairByPair() {
    PhaseResult result =
        new PhaseResult(new Phase.Prefill(512), List.of(10.0, 40.0), List.of(20.0, 20.0));
    assertThat(result.ratios()).containsExactly(0.5, 2.0);
  }
}
