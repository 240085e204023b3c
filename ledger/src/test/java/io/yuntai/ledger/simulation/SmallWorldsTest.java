package io.yuntai.ledger.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every small world within a bound; {@code -Dyuntai.simulation.turns=2} or 3 raises it. */
final class SmallWorldsTest {
  @Test
  void whereverAStepComesAnotherTimeOrAProcessDiesEverythingHolds() {
    Explorer explorer = new Explorer(Integer.getInteger("yuntai.simulation.turns", 1));
    explorer.explore();
    assertThat(explorer.worlds()).isGreaterThan(100);
  }
}
