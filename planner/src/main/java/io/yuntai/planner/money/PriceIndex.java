package io.yuntai.planner.money;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.facts.Facts;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * How prices rise: the only way between what is paid and what it is worth.
 *
 * @param perYear of each currency; 0.02 for 2 % a year
 */
public record PriceIndex(Map<PlanCurrency, Double> perYear) {
  private static final double QUARTERS = 4;

  /** Checks the ranges. */
  public PriceIndex {
    perYear = Map.copyOf(perYear);
    perYear.forEach((currency, rate) -> {
      if (!(rate > -0.2 && rate < 1)) {
        throw new PlannerException(
            "Prices in %s may rise by -20 %% to 100 %% a year, not by %s; 0.02 is 2 %%."
                .formatted(currency, rate));
      }
    });
  }

  /** That of the facts {@code inflation}. */
  public static PriceIndex of(Facts facts) {
    Map<PlanCurrency, Double> rates = new EnumMap<>(PlanCurrency.class);
    for (PlanCurrency currency : PlanCurrency.values()) {
      String name = "inflation." + currency.name().toLowerCase(Locale.ROOT);
      rates.put(currency, facts.get(name).in("1/year"));
    }
    return new PriceIndex(rates);
  }

  /** What an amount is worth in the prices of a quarter. */
  public Real real(Nominal amount, Quarter prices) {
    double level = level(amount.currency(), prices, amount.paid());
    return new Real(amount.amount() / level, amount.currency(), prices);
  }

  /** What has to be paid in a quarter. */
  public Nominal nominal(Real amount, Quarter paid) {
    double level = level(amount.currency(), amount.prices(), paid);
    return new Nominal(amount.amount() * level, amount.currency(), paid);
  }

  /** The level of prices in one quarter by that in another. */
  public double level(PlanCurrency currency, Quarter from, Quarter to) {
    double rate = perYear.getOrDefault(currency, 0.0);
    return Math.pow(1 + rate, from.until(to) / QUARTERS);
  }

  /** A real rate of interest a year, of one that is paid (I. Fisher, 1930). */
  public double realRate(PlanCurrency currency, double nominal) {
    return (1 + nominal) / (1 + perYear.getOrDefault(currency, 0.0)) - 1;
  }
}
