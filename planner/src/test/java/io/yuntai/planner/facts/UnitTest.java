package io.yuntai.planner.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import java.time.YearMonth;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitTest {
  @ParameterizedTest
  @CsvSource({
    "1, MW*h, kW*h, 1000",
    "150, USD/kW/month, USD/MW/year, 1800000",
    "8, %, 1, 0.08",
    "380, billion CNY, million CNY, 380000",
    "1, GiB, B, 1073741824",
    "1, year, h, 8760",
    "4.8, TB/s, GB/s, 4800",
    "2, USD/accelerator/h, USD/accelerator/year, 17520",
    "1, quarter, month, 3",
    "3, kW/server*server, W, 3000"
  })
  void tellsNumbersInOtherUnits(double value, String unit, String wanted, double result) {
    assertThat(fact(value, unit).in(wanted)).isCloseTo(result, within(1e-9 * Math.abs(result)));
  }

  @ParameterizedTest
  @CsvSource({
    "kW, kW*h",
    "USD, CNY",
    "server, accelerator",
    "GB, GB/s",
    "token/s, request/s",
    "1, token"
  })
  void keepsDimensionsApart(String unit, String wanted) {
    assertThatThrownBy(() -> fact(1, unit).in(wanted))
        .isInstanceOf(PlannerException.class)
        .hasMessage("thing is in %s, which can't be told in %s.", unit, wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kw", "GB//s", "/s", "USD/", "XYZ", "EURO", "GB s-1", "*"})
  void namesWhatIsNoUnit(String text) {
    assertThatThrownBy(() -> Unit.of(text)).isInstanceOf(PlannerException.class);
  }

  @Test
  void neverFailsOtherwise() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    String letters = "GBUSDkWhs/* 1%month";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(14); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        Unit unit = Unit.of(text.toString());
        assertThat(unit.factor()).isPositive();
      } catch (PlannerException e) {
        assertThat(e).hasMessageContaining("unit");
      }
    }
  }

  private static Fact fact(double value, String unit) {
    return new Fact(
        "thing", value, Unit.of(unit), "us", YearMonth.of(2026, 1), Confidence.MEASURED);
  }
}
