package io.yuntai.planner.demand;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.Forecaster.Mix;
import io.yuntai.planner.demand.Forecaster.RecentDays;
import io.yuntai.planner.demand.Forecaster.Seasonal;
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
  private static final List<Forecaster> CANDIDATES =
      List.of(RECENT, WEEK, new Mix(RECENT, WEEK), new Mix(NAIVE, WEEK), new Mix(NAIVE, RECENT));

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
    Backtest naive = Backtest.of(series, NAIVE);
    List<Backtest> offered = new ArrayList<>();
    for (Forecaster candidate : CANDIDATES) {
      Backtest judged = Backtest.of(series, candidate);
      if (judged.mase() < naive.mase() && judged.pinball() < naive.pinball()) {
        offered.add(judged);
      }
    }
    offered.sort(Comparator.comparingDouble(Backtest::pinball));
    Backtest chosen = offered.isEmpty() ? naive : offered.getFirst();
    double[] amounts = series.amounts();
    double[] points = chosen.forecaster().forecast(amounts, amounts.length, hours);
    Fan fan = Fan.of(points, Backtest.residuals(amounts, chosen.forecaster()));
    return new Forecast(fan, chosen, offered, naive);
  }
}
