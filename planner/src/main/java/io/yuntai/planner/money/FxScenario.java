package io.yuntai.planner.money;

import io.yuntai.planner.PlannerException;
import java.util.Map;

/**
 * How currencies may move.
 *
 * @param name such as {@code yuan weak}
 * @param perYear by how much a currency gets dearer in yuan each year; 0.03 for 3 %, below 0 where
 *     it gets cheaper; none for those that stay
 */
public record FxScenario(String name, Map<PlanCurrency, Double> perYear) {
  /** Nothing moves. */
  public static final FxScenario STILL = new FxScenario("as today", Map.of());

  /** Checks the ranges. */
  public FxScenario {
    perYear = Map.copyOf(perYear);
    perYear.forEach((currency, change) -> {
      if (currency == PlanCurrency.CNY || !(change > -0.5 && change < 1)) {
        throw new PlannerException(
            "In the scenario '%s', %s may change by -50 %% to 100 %% a year in yuan, not by %s."
                .formatted(name, currency, change));
      }
    });
  }

  /** Rates after so many years. */
  public FxRates after(FxRates today, double years) {
    FxRates rates = today;
    for (PlanCurrency currency : PlanCurrency.values()) {
      Double change = perYear.get(currency);
      if (change != null) {
        rates = rates.scaled(currency, Math.pow(1 + change, years));
      }
    }
    return rates;
  }
}
