package io.yuntai.planner.exports;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A chart over quarters as SVG 1.1: axes, stacked bars, lines, spans. Numbers have one decimal, so
 * that the same plan gives the same bytes. Each series has a label beside its colour.
 */
final class Svg {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int LEFT = 90;
  private static final int RIGHT = 210;
  private static final int TOP = 50;
  private static final int BOTTOM = 50;
  private static final int TICKS = 5;
  private static final int LEGEND_LINE = 20;

  /** M. Okabe and K. Ito's colours, which people with any colour vision tell apart. */
  private static final List<String> COLOURS =
      List.of(
          "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#666666",
          "#332288", "#882255", "#44AA99", "#999933");

  private final StringBuilder out = new StringBuilder();
  private final int quarters;
  private final double top;
  private final double bottom;
  private int legends;

  Svg(String title, String unit, List<String> quarters, double bottom, double top) {
    this.quarters = quarters.size();
    this.bottom = bottom;
    this.top = top <= bottom ? bottom + 1 : top;
    out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"Inter, Helvetica, Arial, sans-serif\" font-size=\"12\">\n"
            .formatted(WIDTH, HEIGHT));
    out.append("<title>").append(escape(title)).append("</title>\n");
    out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    text(LEFT, 24, "start", "font-size=\"16\" font-weight=\"600\"", title);
    text(LEFT, 42, "start", "fill=\"#555555\"", unit);
    axis(quarters);
  }

  private void axis(List<String> names) {
    for (int i = 0; i <= TICKS; i++) {
      double value = bottom + (top - bottom) * i / TICKS;
      out.append(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\" stroke=\"#dddddd\"/>\n"
              .formatted(LEFT, WIDTH - RIGHT, n(y(value)), n(y(value))));
      text(LEFT - 8, y(value) + 4, "end", "fill=\"#555555\"", amount(value));
    }
    int every = Math.max(1, (names.size() + 7) / 8);
    for (int t = 0; t < names.size(); t += every) {
      text(x(t) + step() / 2, HEIGHT - BOTTOM + 20, "middle", "fill=\"#555555\"", names.get(t));
    }
  }

  private double step() {
    return (double) (WIDTH - LEFT - RIGHT) / quarters;
  }

  private double x(double quarter) {
    return LEFT + quarter * step();
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
  }

  /** Bars from one amount to another in each quarter. */
  void bars(String label, double[] from, double[] to) {
    String colour = legend(label, false);
    for (int t = 0; t < quarters; t++) {
      if (to[t] > from[t]) {
        out.append(
            "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"><title>%s</title></rect>\n"
                .formatted(
                    n(x(t) + step() * 0.1),
                    n(y(to[t])),
                    n(step() * 0.8),
                    n(y(from[t]) - y(to[t])),
                    colour,
                    escape(label + ": " + amount(to[t] - from[t]))));
      }
    }
  }

  /** A line through the middles of quarters. */
  void line(String label, double[] values, boolean dashed) {
    String colour = legend(label, dashed);
    StringBuilder points = new StringBuilder();
    for (int t = 0; t < quarters; t++) {
      points.append(n(x(t) + step() / 2)).append(',').append(n(y(values[t]))).append(' ');
    }
    out.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"%s/>\n"
            .formatted(
                points.toString().strip(), colour, dashed ? " stroke-dasharray=\"6 4\"" : ""));
  }

  /** Between two lines. */
  void band(String label, double[] low, double[] high) {
    String colour = legend(label, false);
    StringBuilder points = new StringBuilder();
    for (int t = 0; t < quarters; t++) {
      points.append(n(x(t) + step() / 2)).append(',').append(n(y(high[t]))).append(' ');
    }
    for (int t = quarters - 1; t >= 0; t--) {
      points.append(n(x(t) + step() / 2)).append(',').append(n(y(low[t]))).append(' ');
    }
    out.append(
        "<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"0.25\"/>\n"
            .formatted(points.toString().strip(), colour));
  }

  /** A bar along quarters at a height of its own, with its name. */
  void span(int row, int rows, double from, double to, String label, int colour) {
    double height = (double) (HEIGHT - TOP - BOTTOM) / rows;
    double until = Math.min(to, quarters);
    out.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n"
            .formatted(
                n(x(from)),
                n(TOP + row * height + height * 0.15),
                n(Math.max(0, x(until) - x(from))),
                n(height * 0.7),
                COLOURS.get(colour % COLOURS.size())));
    if (!label.isEmpty()) {
      text(WIDTH - RIGHT + 8, TOP + (row + 0.65) * height, "start", "", label);
    }
  }

  private String legend(String label, boolean dashed) {
    String colour = COLOURS.get(legends % COLOURS.size());
    int at = TOP + 10 + LEGEND_LINE * legends;
    legends++;
    out.append(
        "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"6\"%s/>\n"
            .formatted(
                WIDTH - RIGHT + 12,
                WIDTH - RIGHT + 36,
                at,
                at,
                colour,
                dashed ? " stroke-dasharray=\"6 4\"" : ""));
    text(WIDTH - RIGHT + 42, at + 4, "start", "", label);
    return colour;
  }

  private void text(double x, double y, String anchor, String style, String text) {
    out.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"%s>%s</text>\n"
            .formatted(n(x), n(y), anchor, style.isEmpty() ? "" : " " + style, escape(text)));
  }

  String end() {
    return out + "</svg>\n";
  }

  /** What makes all amounts of a chart fit: 1, 2 or 5 by a power of ten. */
  static double round(double most) {
    if (!(most > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    DoubleFunction<Boolean> fits = factor -> factor * power >= most;
    return power * (fits.apply(1) ? 1 : fits.apply(2) ? 2 : fits.apply(5) ? 5 : 10);
  }

  private static String amount(double value) {
    double size = Math.abs(value);
    if (size >= 1e12) {
      return String.format(Locale.ROOT, "%.1fe12", value / 1e12);
    }
    if (size >= 1e9) {
      return String.format(Locale.ROOT, "%.1fe9", value / 1e9);
    }
    return size >= 1000 || size == 0
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.3g", value);
  }

  private static String n(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
