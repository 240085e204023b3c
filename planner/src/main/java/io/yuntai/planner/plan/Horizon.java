package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The quarters that a plan looks at.
 *
 * @param firstQuarter the first, as {@code 2025-Q2}
 * @param quarters in which may be built, ordered and committed
 * @param tailQuarters after them, in which what is there serves on and nothing is begun
 */
public record Horizon(String firstQuarter, int quarters, int tailQuarters) {
  private static final Pattern QUARTER = Pattern.compile("(\\d{4})-Q([1-4])");

  /** Checks the ranges. */
  public Horizon {
    if (!QUARTER.matcher(firstQuarter).matches()) {
      throw new PlannerException(
          "horizon.firstQuarter",
          null,
          "horizon.firstQuarter is '%s'; write a year and a quarter, as 2025-Q2."
              .formatted(firstQuarter));
    }
    Cells.range("horizon.quarters", quarters, 1, 60);
    Cells.range("horizon.tailQuarters", tailQuarters, 0, 20);
  }

  /** All quarters, those of the tail too. */
  public int length() {
    return quarters + tailQuarters;
  }

  /** The name of a quarter, counted from 0: {@code 2025-Q3}. */
  public String label(int quarter) {
    Matcher first = QUARTER.matcher(firstQuarter);
    if (!first.matches()) {
      throw new IllegalStateException(firstQuarter);
    }
    int months =
        Integer.parseInt(first.group(1)) * 4 + Integer.parseInt(first.group(2)) - 1 + quarter;
    return "%04d-Q%d".formatted(months / 4, months % 4 + 1);
  }
}
