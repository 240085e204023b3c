package io.yuntai.ledger.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetForecastTest {
  private static final Instant NOON = Instant.parse("2026-11-10T12:00:00Z");

  private static BudgetForecast of(Period period, long amount, long used) {
    Budget budget =
        new Budget(
            1,
            BudgetTarget.ORG,
            new BudgetTerms(Unit.TOKENS, period, amount, true, List.of()),
            ZoneOffset.UTC,
            Instant.parse("2026-11-09T12:00:00Z"),
            1);
    return BudgetForecast.of(
        new BudgetStatus(budget, period.containing(NOON, ZoneOffset.UTC), used, 0), NOON);
  }

  @Test
  void whatGoesOnAsItDidIsUsedUpBeforeItsWindowEnds() {
    assertThat(of(Period.DAY, 100, 75))
        .isEqualTo(
            new BudgetForecast(75, Optional.of(Instant.parse("2026-11-10T16:00:00Z")), false));
    assertThat(of(Period.DAY, 100, 40).hitsAt()).isEmpty();
    assertThat(of(Period.TOTAL, 100, 50).hitsAt()).contains(Instant.parse("2026-11-11T12:00:00Z"));
  }

  @Test
  void nothingIsForeseenOfWhatIsUsedUpOrUnused() {
    assertThat(of(Period.DAY, 100, 120)).isEqualTo(new BudgetForecast(120, Optional.empty(), true));
    assertThat(of(Period.DAY, 0, 0).usedUp()).isTrue();
    assertThat(of(Period.DAY, 100, 0).hitsAt()).isEmpty();
    assertThat(of(Period.TOTAL, Long.MAX_VALUE / 4, 1).hitsAt()).isEmpty();
  }
}
