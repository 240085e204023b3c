package io.yuntai.planner.demand;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.Forecaster.RecentDays;
import io.yuntai.planner.demand.Forecaster.Seasonal;
import io.yuntai.planner.demand.Forecaster.SeasonsAndTrend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The next hours by the method that would have done best.
 *
 * @param fan the hours
 * @param chosen how its method would have done
 * @param offered those methods that would have beaten {@link #naive}, the best first
 * @param naive the same hour of the day before: what every method has to beat
 */
public record Forecast(Fan fan, Backtest chosen, List<Backtest> offered, Backtest naive) {
  /** Four weeks. */
  public static final int MAX_HOURS = 672;

  private static final Forecaster NAIVE = new Seasonal(Forecaster.DAY);
  private static final Forecaster RECENT = new RecentDays(0.6);
  private static final Forecaster WEEK = new Seasonal(7 * Forecaster.DAY);
  private static final Forecaster SEASONS = new SeasonsAndTrend();

  /** The first is what all others have to beat. */
  private static final List<Forecaster> METHODS = List.of(NAIVE, RECENT, WEEK, SEASONS);

  /** Copies the list. */
  public Forecast {
    offered = List.copyOf(offered);
  }

  /**
   * Tells the hours after a series.
   *
   * @param hours 1 to {@link #MAX_HOURS}
   * @throws PlannerException when the series is too short to judge methods by
   */
  public static Forecast of(HourlySeries series, int hours) {
    if (hours < 1 || hours > MAX_HOURS) {
      throw new PlannerException("1 to %d hours can be told, not %d.".formatted(MAX_HOURS, hours));
    }
    if (!Backtest.isPossible(series)) {
      throw new PlannerException(
          "%d hours are too few to tell the next ones from; it takes 288 at least, twelve days."
              .formatted(series.hours()));
    }
    double[] amounts = series.amounts();
    int days = (hours + Forecaster.DAY - 1) / Forecaster.DAY;
    List<RollingDays> rolling = new ArrayList<>();
    for (Forecaster method : METHODS) {
      rolling.add(RollingDays.of(amounts, method, days));
    }
    for (int i = 0; i < METHODS.size(); i++) {
      for (int j = 0; j < i; j++) {
        rolling.add(RollingDays.mixed(rolling.get(j), rolling.get(i)));
      }
    }
    rolling.add(RollingDays.weighted(rolling.subList(0, METHODS.size())));
    Backtest naive = Backtest.of(amounts, rolling.getFirst());
    RollingDays best = rolling.getFirst();
    Backtest chosen = naive;
    List<Backtest> offered = new ArrayList<>();
    for (RollingDays one : rolling.subList(1, rolling.size())) {
      Backtest judged = Backtest.of(amounts, one);
      if (judged.mase() < naive.mase() && judged.pinball() < naive.pinball()) {
        offered.add(judged);
        if (judged.pinball() < chosen.pinball()) {
          chosen = judged;
          best = one;
        }
      }
    }
    offered.sort(Comparator.comparingDouble(Backtest::pinball));
    double[] points = chosen.forecaster().forecast(amounts, amounts.length, hours);
    return new Forecast(Fan.of(points, best.ratios()), chosen, offered, naive);
  }
}
