package io.yuntai.planner.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.PlannerException;
import java.time.LocalDate;
import java.time.Month;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarterTest {
  @ParameterizedTest
  @CsvSource({
    "2024-Q2, FY2025-Q1",
    "2024-Q4, FY2025-Q3",
    "2025-Q1, FY2025-Q4",
    "2025-Q2, FY2026-Q1"
  })
  void fiscalYearsFromAprilBearTheYearOfTheirEnd(String calendar, String fiscal) {
    Quarter quarter = Quarter.parse(calendar);
    assertThat(FiscalYears.FROM_APRIL.name(quarter)).isEqualTo(fiscal);
    assertThat(FiscalYears.FROM_APRIL.parse(fiscal)).isEqualTo(quarter);
  }

  @Test
  void fiscalYearsFromJanuaryAreTheCalendars() {
    for (int i = 0; i < 12; i++) {
      Quarter quarter = new Quarter(2025, 1).plus(i);
      assertThat(FiscalYears.FROM_JANUARY.name(quarter)).isEqualTo("FY" + quarter);
    }
    assertThat(FiscalYears.FROM_APRIL.middle(2028)).isEqualTo(LocalDate.of(2027, 10, 1));
    assertThat(FiscalYears.FROM_JANUARY.middle(2028)).isEqualTo(LocalDate.of(2028, 7, 1));
  }

  @Test
  void quartersAreCounted() {
    Quarter first = Quarter.of(LocalDate.of(2024, 11, 15));
    assertThat(first).hasToString("2024-Q4");
    assertThat(first.plus(12)).hasToString("2027-Q4");
    assertThat(first.until(new Quarter(2024, 1))).isEqualTo(-3);
    assertThat(first.plus(-3)).isEqualTo(new Quarter(2024, 1)).isLessThan(first);
    assertThat(first.lastDay()).isEqualTo("2024-12-31");
  }

  @Test
  void calendarsAreNeverMistakenForEachOther() {
    assertThatThrownBy(() -> Quarter.parse("FY2025-Q3"))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("fiscal year's first month");
    assertThatThrownBy(() -> FiscalYears.FROM_APRIL.parse("2025-Q3"))
        .hasMessageContaining("no fiscal quarter");
    assertThatThrownBy(() -> Quarter.parse("2025-Q5")).hasMessageContaining("2026-Q3");
    assertThatThrownBy(() -> Quarter.parse("Q".repeat(1000))).hasMessageContaining("...");
    assertThatThrownBy(() -> new FiscalYears(Month.MAY)).hasMessageContaining("MAY");
  }
}
