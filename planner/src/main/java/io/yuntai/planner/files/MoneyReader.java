package io.yuntai.planner.files;

import io.yuntai.planner.money.FxRates;
import io.yuntai.planner.money.FxScenario;
import io.yuntai.planner.money.PlanCurrency;
import io.yuntai.planner.money.PriceIndex;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Finance.Terminal;
import io.yuntai.planner.plan.Series;
import java.util.EnumMap;
import java.util.Map;

/** Reads {@code [money]}. */
final class MoneyReader {
  private static final Map<String, Terminal> ENDS =
      Map.of("none", Terminal.NONE, "book", Terminal.BOOK, "resale", Terminal.RESALE);
  private static final Map<String, Boolean> KINDS = Map.of("nominal", false, "real", true);

  private MoneyReader() {}

  /** What money is told in: rates, inflation, and whether its prices are those of each quarter. */
  static void prices(PlanCells money) {
    CellSource source = money.source();
    PlanCells fx = money.table("fx");
    Map<PlanCurrency, Double> rates = new EnumMap<>(source.rates.cnyPer());
    for (String code : fx.names()) {
      PlanCurrency currency = fx.checked(code, () -> PlanCurrency.of(code));
      rates.put(currency, fx.number(code, "CNY/" + code));
    }
    source.rates =
        money.made(() ->
            new FxRates(
                rates, money.share("fx-spread", source.rates.spread()), source.rates.date()));
    Map<PlanCurrency, Double> changes = new EnumMap<>(PlanCurrency.class);
    PlanCells change = money.table("fx-change");
    for (String code : change.names()) {
      PlanCurrency currency = change.checked(code, () -> PlanCurrency.of(code));
      changes.put(currency, change.number(code, "1/year"));
    }
    source.fxChange = change.made(() -> new FxScenario("fx-change", changes));
    double inflation =
        money.number(
            "inflation", "1/year", source.index.perYear().getOrDefault(source.currency, 0.0));
    Map<PlanCurrency, Double> perYear = new EnumMap<>(source.index.perYear());
    perYear.put(source.currency, inflation);
    source.index = money.made(() -> new PriceIndex(perYear));
    if (money.choice("prices", "nominal", KINDS)) {
      source.realBase = source.first;
      source.note(
          "All money is in prices of %s; the rate of discount is a real one."
              .formatted(source.first));
    }
  }

  static Finance finance(PlanCells money) {
    Finance finance =
        money.made(() ->
            new Finance(
                money.source().currency.name(),
                money.number("discount", "1/year"),
                money.share("tax", 0),
                money.series("budget", "million ¤/quarter", Series.UNLIMITED),
                money.number("total-budget", "million ¤", Double.POSITIVE_INFINITY),
                money.number("opening-cash", "million ¤", 0),
                money.number("cash-floor", "million ¤", Double.NEGATIVE_INFINITY),
                money.number("credit-line", "million ¤", 0),
                money.number("interest", "1/year", 0),
                money.choice("end-value", "book", ENDS)));
    money.end();
    return finance;
  }
}
