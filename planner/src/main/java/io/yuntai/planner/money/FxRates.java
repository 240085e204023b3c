package io.yuntai.planner.money;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Fact;
import io.yuntai.planner.facts.Facts;
import java.time.YearMonth;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What currencies cost in one another at one time.
 *
 * @param cnyPer yuan for one of each; all currencies, above 0
 * @param spread share of an amount that a conversion there and back loses; 0 to below 1
 * @param date of the oldest of the rates
 */
public record FxRates(Map<PlanCurrency, Double> cnyPer, double spread, YearMonth date) {
  /** Checks that all are there. */
  public FxRates {
    if (!(spread >= 0 && spread < 1)) {
      throw new PlannerException(
          "A spread is a share, 0 to below 1, not %s; 0.002 is 0.2 %%.".formatted(spread));
    }
    for (PlanCurrency currency : PlanCurrency.values()) {
      Double rate = cnyPer.get(currency);
      if (rate == null || !(rate > 0 && rate < 1e6)) {
        throw new PlannerException("The rate of %s, %s, is none.".formatted(currency, rate));
      }
    }
    cnyPer = Map.copyOf(cnyPer);
  }

  /** Those of the facts {@code fx}. */
  public static FxRates of(Facts facts) {
    Fact usd = facts.get("fx.cny-per-usd");
    Fact eur = facts.get("fx.cny-per-eur");
    Fact gbp = facts.get("fx.cny-per-gbp");
    Fact hkd = facts.get("fx.hkd-per-usd");
    double perDollar = usd.in("CNY/USD");
    Map<PlanCurrency, Double> rates = new EnumMap<>(PlanCurrency.class);
    rates.put(PlanCurrency.CNY, 1.0);
    rates.put(PlanCurrency.USD, perDollar);
    rates.put(PlanCurrency.EUR, eur.in("CNY/EUR"));
    rates.put(PlanCurrency.GBP, gbp.in("CNY/GBP"));
    rates.put(PlanCurrency.HKD, perDollar / hkd.in("HKD/USD"));
    YearMonth oldest = usd.date();
    for (Fact fact : new Fact[] {eur, gbp}) {
      oldest = fact.date().isBefore(oldest) ? fact.date() : oldest;
    }
    return new FxRates(rates, facts.get("fx.spread").in("1"), oldest);
  }

  /** Units of one currency for one of another, in the middle between buying and selling. */
  public double mid(PlanCurrency from, PlanCurrency to) {
    return rate(from) / rate(to);
  }

  /** In another currency without a loss, as statements are translated. */
  public double translate(double amount, PlanCurrency from, PlanCurrency to) {
    return amount * mid(from, to);
  }

  /**
   * What an amount buys of another currency. There and back leaves {@code 1 - spread} of it, so one
   * way leaves the square root of that.
   */
  public double convert(double amount, PlanCurrency from, PlanCurrency to) {
    return from == to ? amount : translate(amount, from, to) * Math.sqrt(1 - spread);
  }

  /**
   * With another price of one currency in yuan; the Hong Kong dollar keeps its link to the dollar.
   *
   * @param factor above 0; 1.1 where the currency gets a tenth dearer
   */
  public FxRates scaled(PlanCurrency currency, double factor) {
    if (currency == PlanCurrency.CNY || !(factor > 0 && Double.isFinite(factor))) {
      throw new PlannerException(
          "%s can't be made %s times as dear; all others are told in yuan."
              .formatted(currency, factor));
    }
    Map<PlanCurrency, Double> rates = new EnumMap<>(cnyPer);
    rates.put(currency, rate(currency) * factor);
    if (currency == PlanCurrency.USD) {
      rates.put(PlanCurrency.HKD, rate(PlanCurrency.HKD) * factor);
    }
    return new FxRates(rates, spread, date);
  }

  private double rate(PlanCurrency currency) {
    Double rate = cnyPer.get(currency);
    if (rate == null) {
      throw new PlannerException(
          "%s has no rate.".formatted(currency.name().toLowerCase(Locale.ROOT)));
    }
    return rate;
  }
}
