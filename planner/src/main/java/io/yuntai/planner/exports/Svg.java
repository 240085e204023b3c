package io.yuntai.planner.exports;

import static io.yuntai.planner.exports.Drawing.amount;

import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/** A chart over quarters: axes, stacked bars, lines, bands, spans, and a legend beside them. */
final class Svg {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int LEFT = 90;
  private static final int RIGHT = 210;
  private static final int TOP = 58;
  private static final int BOTTOM = 50;
  private static final int TICKS = 5;
  private static final int LEGEND_LINE = 20;

  private final Drawing drawing;
  private final StringJoiner told = new StringJoiner(" ");
  private final List<String> names;
  private final int quarters;
  private final double top;
  private final double bottom;
  private int legends;

  Svg(String title, String unit, List<String> quarters, double bottom, double top) {
    this.names = quarters;
    this.quarters = quarters.size();
    this.bottom = bottom;
    this.top = top <= bottom ? bottom + 1 : top;
    this.drawing = new Drawing(title, unit, WIDTH, HEIGHT, LEFT);
    told.add("%s, %s to %s.".formatted(unit, quarters.getFirst(), quarters.getLast()));
    axis();
  }

  private void axis() {
    for (int i = 0; i <= TICKS; i++) {
      double value = bottom + (top - bottom) * i / TICKS;
      drawing.rule(LEFT, y(value), WIDTH - RIGHT, y(value), "grid");
      drawing.text(LEFT - 8, y(value) + 4, "end", "soft", amount(value));
    }
    quarterNames();
  }

  private void quarterNames() {
    int every = Math.max(1, (quarters + 7) / 8);
    for (int t = 0; t < quarters; t += every) {
      drawing.text(middle(t), HEIGHT - BOTTOM + 20, "middle", "soft", names.get(t));
    }
  }

  private double step() {
    return (double) (WIDTH - LEFT - RIGHT) / quarters;
  }

  private double x(double quarter) {
    return LEFT + quarter * step();
  }

  private double middle(int quarter) {
    return x(quarter) + step() / 2;
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
  }

  /** Bars from one amount to another in each quarter. */
  void bars(String label, double[] from, double[] to) {
    int series = legends++;
    legendBox(label, series);
    double[] sizes = new double[quarters];
    for (int t = 0; t < quarters; t++) {
      sizes[t] = to[t] - from[t];
      if (to[t] > from[t]) {
        drawing.box(
            x(t) + step() * 0.1,
            y(to[t]),
            step() * 0.8,
            y(from[t]) - y(to[t]),
            series,
            "%s, %s: %s".formatted(label, names.get(t), amount(sizes[t])));
      }
    }
    tell(label, sizes);
  }

  /** A line through the middles of quarters; interrupted where there is no number. */
  void line(String label, double[] values, boolean dashed) {
    int series = legends++;
    legendLine(label, series, dashed);
    double[] x = new double[quarters];
    Arrays.setAll(x, this::middle);
    drawing.path(x, Arrays.stream(values).map(this::y).toArray(), series, dashed);
    tell(label, values);
  }

  /** Between two lines. */
  void band(String label, double[] low, double[] high) {
    int series = legends++;
    legendBox(label, series);
    StringBuilder points = new StringBuilder();
    for (int t = 0; t < quarters; t++) {
      points.append("%s,%s ".formatted(Drawing.n(middle(t)), Drawing.n(y(high[t]))));
    }
    for (int t = quarters - 1; t >= 0; t--) {
      points.append("%s,%s ".formatted(Drawing.n(middle(t)), Drawing.n(y(low[t]))));
    }
    drawing.area(points.toString().strip(), series);
    tell(label + ", at most", high);
  }

  /** A bar along quarters at a height of its own, with its name. */
  void span(int row, int rows, double from, double to, String label, int series) {
    double height = (double) (HEIGHT - TOP - BOTTOM) / rows;
    double until = Math.min(to, quarters);
    double width = Math.max(0, x(until) - x(from));
    drawing.box(x(from), TOP + row * height + height * 0.15, width, height * 0.7, series, label);
    if (!label.isEmpty()) {
      drawing.text(WIDTH - RIGHT + 8, TOP + (row + 0.65) * height, "start", "ink", label);
      told.add("%s: %s.".formatted(label, names.get((int) Math.clamp(from, 0, quarters - 1.0))));
    }
  }

  private double legendPlace(int series) {
    return TOP + 10.0 + LEGEND_LINE * series;
  }

  private void legendBox(String label, int series) {
    double at = legendPlace(series);
    drawing.box(WIDTH - RIGHT + 12, at - 6, 24, 12, series, "");
    drawing.text(WIDTH - RIGHT + 42, at + 4, "start", "ink", label);
  }

  private void legendLine(String label, int series, boolean dashed) {
    double at = legendPlace(series);
    double from = WIDTH - RIGHT + 12;
    drawing.path(new double[] {from, from + 24}, new double[] {at, at}, series, dashed);
    drawing.text(WIDTH - RIGHT + 42, at + 4, "start", "ink", label);
  }

  /** For those who don't see it: where a series begins and ends, and its greatest. */
  private void tell(String label, double[] values) {
    int most = 0;
    for (int t = 0; t < values.length; t++) {
      most = values[t] > values[most] || !Double.isFinite(values[most]) ? t : most;
    }
    told.add(
        "%s: %s at first, %s at last, most in %s with %s."
            .formatted(
                label,
                number(values[0]),
                number(values[values.length - 1]),
                names.get(most),
                number(values[most])));
  }

  private static String number(double value) {
    return Double.isFinite(value) ? amount(value) : "none";
  }

  String end() {
    return drawing.end(told.toString());
  }

  /** What makes all amounts of a chart fit: 1, 2 or 5 by a power of ten. */
  static double round(double most) {
    if (!(most > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= most) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
