package io.yuntai.planner.exports;

import static io.yuntai.planner.exports.Drawing.amount;

import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.finance.OwnServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an hour that is used costs of a server of one's own and of a rented one, by use. */
public final class RentOrBuyChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 400;
  private static final int LEFT = 80;
  private static final int RIGHT = 30;
  private static final int TOP = 84;
  private static final int BOTTOM = 54;
  private static final int FIRST = 10;
  private static final int LAST = 100;
  private static final int STEP = 5;
  private static final int TICKS = 5;

  private final OwnServer server;
  private final double rent;
  private final double top;

  private RentOrBuyChart(OwnServer server, double rent) {
    this.server = server;
    this.rent = rent;
    this.top = Svg.round(Math.max(2 * rent, 1.5 * server.costPerAcceleratorHour()));
  }

  /** What the curve is drawn from; dollars for an hour of an accelerator that is used. */
  public static Table table(OwnServer server, double rent) {
    List<List<Object>> rows = new ArrayList<>();
    for (int use = FIRST; use <= LAST; use += STEP) {
      rows.add(List.of(use / 100.0, own(server, use / 100.0), rent));
    }
    return new Table(List.of("use", "own_usd_per_used_hour", "rented_usd_per_used_hour"), rows);
  }

  private static double own(OwnServer server, double use) {
    return server.costPerAcceleratorHour() / use;
  }

  /**
   * The picture.
   *
   * @param rent of an accelerator for an hour
   * @param use of one's own, to mark it; 0 to 1
   */
  public static String svg(OwnServer server, double rent, double use) {
    return new RentOrBuyChart(server, rent).svg(use);
  }

  private double x(double use) {
    return LEFT + (100 * use - FIRST) / (LAST - FIRST) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double cost) {
    return HEIGHT - BOTTOM - Math.min(cost, top) / top * (HEIGHT - TOP - BOTTOM);
  }

  private String svg(double use) {
    double even = server.breakEvenUse(rent);
    Drawing drawing =
        new Drawing(
            "To rent or to buy",
            "USD for an hour of an accelerator that is used",
            WIDTH,
            HEIGHT,
            24);
    for (int i = 0; i <= TICKS; i++) {
      double value = top * i / TICKS;
      drawing.rule(LEFT, y(value), WIDTH - RIGHT, y(value), "grid");
      drawing.text(LEFT - 8, y(value) + 4, "end", "soft", amount(value));
    }
    for (int percent = FIRST; percent <= LAST; percent += 2 * STEP) {
      drawing.text(x(percent / 100.0), HEIGHT - BOTTOM + 18, "middle", "soft", percent + " %");
    }
    drawing.text(
        (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "soft", "of all hours in use");
    double[] uses =
        java.util.stream.IntStream.rangeClosed(FIRST, LAST)
            .filter(percent -> percent % STEP == 0)
            .mapToDouble(percent -> percent / 100.0)
            .filter(each -> own(server, each) <= top)
            .toArray();
    double[] xs = Arrays.stream(uses).map(this::x).toArray();
    drawing.path(xs, Arrays.stream(uses).map(each -> y(own(server, each))).toArray(), 0, false);
    drawing.path(new double[] {x(0.1), x(1)}, new double[] {y(rent), y(rent)}, 1, true);
    legend(drawing, 0, "of one's own", LEFT);
    legend(drawing, 1, "rented", LEFT + 140);
    if (even >= FIRST / 100.0 && even <= 1) {
      drawing.rule(x(even), y(rent), x(even), HEIGHT - BOTTOM, "edge");
      drawing.text(
          x(even) + 6, HEIGHT - BOTTOM - 8, "start", "ink", "the same at " + percent(even));
    }
    if (use >= FIRST / 100.0 && use <= 1) {
      drawing.rule(x(use), TOP, x(use), HEIGHT - BOTTOM, "grid");
      drawing.text(x(use) + 6, TOP + 12, "start", "ink", "your use, " + percent(use));
    }
    return drawing.end(
        "An hour costs %s of one's own if it is always used, and %s rented. %s"
            .formatted(
                amount(server.costPerAcceleratorHour()),
                amount(rent),
                even > 1
                    ? "A server of one's own is dearer at any use."
                    : "From %s use on one's own is cheaper.".formatted(percent(even))));
  }

  private static void legend(Drawing drawing, int series, String label, double x) {
    drawing.path(new double[] {x, x + 24}, new double[] {64, 64}, series, series == 1);
    drawing.text(x + 32, 68, "start", "ink", label);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
