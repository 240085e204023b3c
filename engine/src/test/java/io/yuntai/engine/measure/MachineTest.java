package io.yuntai.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void memoryIsReadByAnyNumberOfThreads() {
    try (MemoryBandwidth bandwidth = new MemoryBandwidth(3_000_000)) {
      assertThat(bandwidth.read(1, 2)).hasSize(2).allMatch(speed -> speed > 0);
      assertThat(bandwidth.read(3, 1)).hasSize(1).allMatch(speed -> speed > 0);
    }
  }

  @Test
  void everyPeakCountsItsMultiplyAdds() {
    for (MachinePeak peak : MachinePeak.all()) {
      assertThat(peak.run(20)).as(peak.name()).isEqualTo(2 * peak.run(10)).isPositive();
    }
  }

  @Test
  void theMachineIsNamed() {
    Machine machine = Machine.here();
    assertThat(machine.processor()).isNotBlank();
    assertThat(machine.cores()).isPositive();
  }

  @Test
  void warmUpEndsWhenNothingIsGainedAndAlsoWhenSomethingAlwaysIs() {
    double[] speed = {1};
    WarmUp.run(() -> speed[0] *= 2);
    assertThat(speed[0]).isEqualTo(Math.pow(2, WarmUp.MOST_REPETITIONS));
  }
}
