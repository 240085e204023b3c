package io.yuntai.planner.exports;

import static io.yuntai.planner.exports.Drawing.amount;

import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.stress.Tornado;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The net present value where assumptions turn out lower or higher, the widest on top. */
final class TornadoChart {
  private static final int WIDTH = 900;
  private static final int LEFT = 220;
  private static final int RIGHT = 60;
  private static final int TOP = 92;
  private static final int ROW = 34;
  private static final int BOTTOM = 46;
  private static final int TICKS = 4;

  private TornadoChart() {}

  static Table table(Tornado tornado) {
    List<List<Object>> rows = new ArrayList<>();
    for (Tornado.Swing one : tornado.swings()) {
      rows.add(
          List.of(
              one.lever().text(),
              tornado.share(),
              one.low(),
              tornado.base(),
              one.high(),
              way(tornado.way())));
    }
    return new Table(
        List.of("assumption", "share", "low_millions", "base_millions", "high_millions", "way"),
        rows);
  }

  private static String way(Tornado.Way way) {
    return switch (way) {
      case VALUED_ANEW -> "valued anew, with what was decided to build, order and reserve";
      case SOLVED_ANEW -> "a new plan for each change";
    };
  }

  static String svg(Plan plan, Tornado tornado) {
    List<Tornado.Swing> swings = tornado.swings();
    int height = TOP + ROW * Math.max(1, swings.size()) + BOTTOM;
    double low = tornado.base();
    double high = tornado.base();
    for (Tornado.Swing one : swings) {
      low = Math.min(low, least(one.low(), one.high(), low));
      high = Math.max(high, most(one.low(), one.high(), high));
    }
    double wide = Math.max(high - low, 1e-9);
    Drawing drawing =
        new Drawing(
            "Net present value by assumption",
            "million %s; each %.0f %% lower or higher, the others as planned; %s"
                .formatted(
                    plan.inputs().finance().currency(), 100 * tornado.share(), way(tornado.way())),
            WIDTH,
            height,
            24);
    StringJoiner told = new StringJoiner(" ");
    told.add("The plan is worth %s.".formatted(amount(tornado.base())));
    drawing.box(LEFT, 56, 24, 12, 0, "");
    drawing.text(LEFT + 30, 66, "start", "ink", "assumption lower");
    drawing.box(LEFT + 170, 56, 24, 12, 1, "");
    drawing.text(LEFT + 200, 66, "start", "ink", "assumption higher");
    int bottom = TOP + ROW * Math.max(1, swings.size());
    for (int i = 0; i <= TICKS; i++) {
      double value = low + wide * i / TICKS;
      drawing.rule(x(value, low, wide), TOP, x(value, low, wide), bottom, "grid");
      drawing.text(x(value, low, wide), bottom + 20, "middle", "soft", amount(value));
    }
    for (int i = 0; i < swings.size(); i++) {
      Tornado.Swing one = swings.get(i);
      double y = TOP + i * ROW;
      drawing.text(LEFT - 12, y + ROW / 2.0 + 4, "end", "ink", one.lever().text());
      half(drawing, tornado.base(), one.low(), low, wide, y + 4, 0, one.lever().text() + ", lower");
      half(
          drawing,
          tornado.base(),
          one.high(),
          low,
          wide,
          y + 4 + (ROW - 8) / 2.0,
          1,
          one.lever().text() + ", higher");
      told.add(
          "%s: %s where lower, %s where higher."
              .formatted(one.lever().text(), number(one.low()), number(one.high())));
    }
    double base = x(tornado.base(), low, wide);
    drawing.rule(base, TOP - 6, base, bottom, "edge");
    drawing.text(base, TOP - 10, "middle", "ink", "as planned: " + amount(tornado.base()));
    return drawing.end(told.toString());
  }

  private static void half(
      Drawing drawing,
      double base,
      double value,
      double low,
      double wide,
      double y,
      int series,
      String label) {
    if (Double.isNaN(value)) {
      drawing.text(x(base, low, wide) + 8, y + 11, "start", "soft", "no plan was found");
      return;
    }
    double from = x(Math.min(base, value), low, wide);
    double to = x(Math.max(base, value), low, wide);
    drawing.box(from, y, to - from, (ROW - 8) / 2.0, series, label + ": " + amount(value));
  }

  private static double x(double value, double low, double wide) {
    return LEFT + (value - low) / wide * (WIDTH - LEFT - RIGHT);
  }

  private static double least(double a, double b, double other) {
    return Math.min(Double.isNaN(a) ? other : a, Double.isNaN(b) ? other : b);
  }

  private static double most(double a, double b, double other) {
    return Math.max(Double.isNaN(a) ? other : a, Double.isNaN(b) ? other : b);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "no plan" : amount(value);
  }
}
