package io.yuntai.planner.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.facts.Facts;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FxRatesTest {
  private static final FxRates RATES = FxRates.of(Facts.defaults());

  /** The announcement of CNY 380 billion as it was told abroad. */
  @Test
  void theAnnouncementInThreeCurrencies() {
    assertThat(RATES.translate(380, PlanCurrency.CNY, PlanCurrency.USD))
        .isCloseTo(52.4, within(0.05));
    assertThat(RATES.translate(380, PlanCurrency.CNY, PlanCurrency.GBP))
        .isCloseTo(41.5, within(0.05));
    assertThat(380 / 53.0).isCloseTo(7.170, within(0.0005));
    assertThat(RATES.mid(PlanCurrency.USD, PlanCurrency.HKD)).isCloseTo(7.8, within(1e-12));
  }

  @Test
  void thereAndBackLosesExactlyTheSpread() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    PlanCurrency[] all = PlanCurrency.values();
    for (int i = 0; i < 1000; i++) {
      PlanCurrency from = all[random.nextInt(all.length)];
      PlanCurrency to = all[random.nextInt(all.length)];
      FxRates rates = new FxRates(RATES.cnyPer(), random.nextDouble(), RATES.date());
      double amount = Math.exp(20 * random.nextGaussian());
      double back = rates.convert(rates.convert(amount, from, to), to, from);
      double left = from == to ? 1 : 1 - rates.spread();
      assertThat(back / amount).isCloseTo(left, within(1e-12));
      assertThat(rates.translate(rates.translate(amount, from, to), to, from) / amount)
          .isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void scenariosMoveOneCurrencyAndWhatIsLinkedToIt() {
    FxScenario weak = new FxScenario("yuan weak", Map.of(PlanCurrency.USD, 0.05));
    FxRates later = weak.after(RATES, 2);
    assertThat(later.mid(PlanCurrency.USD, PlanCurrency.CNY))
        .isCloseTo(7.252 * 1.05 * 1.05, within(1e-9));
    assertThat(later.mid(PlanCurrency.USD, PlanCurrency.HKD)).isCloseTo(7.8, within(1e-9));
    assertThat(later.mid(PlanCurrency.GBP, PlanCurrency.CNY)).isCloseTo(9.157, within(1e-9));
    assertThat(FxScenario.STILL.after(RATES, 5)).isEqualTo(RATES);
    assertThatThrownBy(() -> new FxScenario("x", Map.of(PlanCurrency.USD, 5.0)))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("USD");
    assertThatThrownBy(() -> PlanCurrency.of("JPY")).hasMessageContaining("CNY, USD, EUR");
    assertThatThrownBy(() -> new FxRates(RATES.cnyPer(), 2, RATES.date()))
        .hasMessageContaining("0.002 is 0.2 %");
  }

  @Test
  void nominalAndRealAmountsAreAddedOnlyAmongThemselves() {
    PriceIndex index = new PriceIndex(Map.of(PlanCurrency.CNY, 0.04));
    Quarter now = new Quarter(2025, 1);
    Nominal later = new Nominal(108.16, PlanCurrency.CNY, now.plus(8));
    Real worth = index.real(later, now);
    assertThat(worth.amount()).isCloseTo(100, within(1e-9));
    assertThat(index.nominal(worth, later.paid()).amount()).isCloseTo(108.16, within(1e-9));
    assertThat(worth.plus(worth).amount()).isCloseTo(200, within(1e-9));
    assertThat(index.realRate(PlanCurrency.CNY, 0.092)).isCloseTo(0.05, within(1e-12));
    assertThat(PriceIndex.of(Facts.defaults()).level(PlanCurrency.USD, now, now.plus(4)))
        .isCloseTo(1.02, within(1e-12));
    assertThatThrownBy(() -> later.plus(new Nominal(1, PlanCurrency.CNY, now)))
        .hasMessageContaining("2027-Q1");
    assertThatThrownBy(() -> worth.plus(new Real(1, PlanCurrency.USD, now)))
        .hasMessageContaining("USD");
    assertThatThrownBy(() -> new Real(Double.NaN, PlanCurrency.USD, now))
        .hasMessageContaining("NaN");
  }
}
