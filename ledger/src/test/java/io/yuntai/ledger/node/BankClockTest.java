package io.yuntai.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class BankClockTest {
  private static final Instant AT = Instant.parse("2027-01-01T00:00:00Z");

  @Test
  void goesByTheBanksClockAndTheMonotonicOneOnly() {
    BankClock clock = new BankClock(AT, 100);
    assertThat(clock.at(100)).isEqualTo(AT);
    assertThat(clock.at(100 + 5_000_000_000L)).isEqualTo(AT.plusSeconds(5));
    // The bank's machine had its clock set back: windows go by it from then on.
    clock.told(AT.minusSeconds(60), 5_000_000_000L, 5_000_000_200L);
    assertThat(clock.at(5_000_000_100L)).isEqualTo(AT.minusSeconds(60));
  }
}
