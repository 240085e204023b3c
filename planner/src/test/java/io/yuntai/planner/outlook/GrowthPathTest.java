package io.yuntai.planner.outlook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.FiscalYears;
import io.yuntai.planner.calendar.Quarter;
import org.junit.jupiter.api.Test;

/** Case 1 of the design: growth from a quarter's revenue to an outlook, by its date basis. */
class GrowthPathTest {
  private static final Quarter FROM = Quarter.parse("2024-Q4");
  private static final String TEXT = "revenue 31.7 bn/quarter -> 240 bn by ";

  private static GrowthPath path(String by, double damping) {
    return GrowthPath.parse(TEXT + by, FROM, FiscalYears.FROM_APRIL, damping);
  }

  @Test
  void theDateBasisDecidesAndIsTold() {
    GrowthPath fiscal = path("FY2028", 1);
    assertThat(fiscal.yearlyNow()).isCloseTo(126.8e9, within(1.0));
    assertThat(fiscal.years()).isCloseTo(2.875, within(0.005));
    assertThat(fiscal.growthPerYear()).isCloseTo(0.248, within(0.0005));
    assertThat(fiscal.basis()).contains("fiscal", "2027-10-01", "2024-Q4");
    GrowthPath calendar = path("2028", 1);
    assertThat(calendar.basis()).contains("calendar", "2028-07-01");
    assertThat(calendar.growthPerYear()).isCloseTo(0.1925, within(0.001));
  }

  @Test
  void dampedGrowthBeginsFasterAndMeetsTheSameFigure() {
    GrowthPath even = path("FY2028", 1);
    GrowthPath damped = path("FY2028", 0.85);
    assertThat(damped.at(FROM)).isCloseTo(31.7e9, within(1.0));
    assertThat(damped.at(FROM.plus(2))).isGreaterThan(even.at(FROM.plus(2)));
    double first = damped.at(FROM.plus(1)) / damped.at(FROM);
    double later = damped.at(FROM.plus(9)) / damped.at(FROM.plus(8));
    assertThat(first).isGreaterThan(later);
    Quarter around = Quarter.parse("2027-Q3");
    for (GrowthPath path : new GrowthPath[] {even, damped}) {
      assertThat((path.at(around) + path.at(around.plus(1))) / 2 * 4)
          .isCloseTo(240e9, within(0.01 * 240e9));
    }
  }

  @Test
  void slipsAreNamed() {
    assertThatThrownBy(() -> GrowthPath.parse("more!", FROM, FiscalYears.FROM_APRIL, 1))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("31.7 bn/quarter");
    assertThatThrownBy(() -> path("2023", 1)).hasMessageContaining("must come after 2024-Q4");
    assertThatThrownBy(() -> path("2028", 0)).hasMessageContaining("Damping");
    assertThatThrownBy(() -> GrowthPath.parse("x".repeat(5000), FROM, FiscalYears.FROM_APRIL, 1))
        .hasMessageContaining("...");
    assertThat(
            GrowthPath.parse("tokens 5/month -> 600 by 2030", FROM, FiscalYears.FROM_APRIL, 1)
                .yearlyNow())
        .isEqualTo(60);
  }
}
