package io.yuntai.bench.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What products add to the same load, as a picture (SVG): a bar each, on a logarithmic scale of
 * milliseconds. Colours follow the reader's light or dark setting.
 */
final class PeerChart {
  private static final int WIDTH = 760;
  private static final int LABEL_WIDTH = 240;
  private static final int ROW_HEIGHT = 22;
  private static final int HEADING_HEIGHT = 34;
  private static final int AXIS_HEIGHT = 30;
  private static final double LEAST = 0.1;
  private static final double MOST = 1000;

  private final StringBuilder svg = new StringBuilder();

  private record Bar(String label, String product, double millis) {}

  private PeerChart() {}

  /** Of the loads that all products had. */
  static String svg(List<AddedLatency> rows) {
    List<AddedLatency.Load> loads =
        rows.stream()
            .map(AddedLatency::load)
            .distinct()
            .filter(load -> isOfAll(rows, load))
            .toList();
    PeerChart chart = new PeerChart();
    chart.draw(rows, loads);
    return chart.svg.toString();
  }

  private static boolean isOfAll(List<AddedLatency> rows, AddedLatency.Load load) {
    long products = rows.stream().map(AddedLatency::product).distinct().count();
    return rows.stream().filter(row -> row.load().equals(load)).count() == products;
  }

  private void draw(List<AddedLatency> rows, List<AddedLatency.Load> loads) {
    long products = rows.stream().map(AddedLatency::product).distinct().count();
    int height =
        loads.size() * (HEADING_HEIGHT + (int) products * 3 * ROW_HEIGHT) + AXIS_HEIGHT + 10;
    line(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="system-ui, sans-serif" font-size="13">
        <title>Milliseconds that gateways add to an answer</title>
        <style>
          text { fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d0d7de } .ours { fill: #2a7d6f } .theirs { fill: #b8632e }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #30363d } .ours { fill: #4fb3a2 } .theirs { fill: #e08d57 }
          }
        </style>\
        """
            .formatted(WIDTH, height, WIDTH, height));
    int bottom = height - AXIS_HEIGHT;
    for (double tick = LEAST; tick <= MOST * 1.001; tick *= 10) {
      line(
          "<line class=\"grid\" x1=\"%.1f\" y1=\"10\" x2=\"%.1f\" y2=\"%d\"/>"
              .formatted(x(tick), x(tick), bottom));
      line(
          "<text class=\"faint\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s ms</text>"
              .formatted(
                  x(tick),
                  bottom + 18,
                  String.format(Locale.ROOT, tick < 1 ? "%.1f" : "%.0f", tick)));
    }
    int y = 10;
    for (AddedLatency.Load load : loads) {
      line(
          "<text x=\"0\" y=\"%d\" font-weight=\"600\">%s %s a second</text>"
              .formatted(y + 22, load.rate(), load.stream() ? "streams" : "whole answers"));
      y += HEADING_HEIGHT;
      for (Bar bar : bars(rows.stream().filter(row -> row.load().equals(load)).toList())) {
        draw(bar, y, bar.product().equals(rows.getFirst().product()));
        y += ROW_HEIGHT;
      }
    }
    line("</svg>");
  }

  private static List<Bar> bars(List<AddedLatency> rows) {
    List<Bar> bars = new ArrayList<>();
    rows.forEach(row -> bars.add(new Bar("added, median", row.product(), row.p50())));
    rows.forEach(row -> bars.add(new Bar("added, p99", row.product(), row.p99())));
    rows.forEach(row -> bars.add(new Bar("CPU of each", row.product(), row.cpuMillisEach())));
    return bars;
  }

  private void draw(Bar bar, int y, boolean ours) {
    line("<text x=\"12\" y=\"%d\">%s, %s</text>".formatted(y + 15, bar.label(), bar.product()));
    double from = x(LEAST);
    line(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>"
            .formatted(
                ours ? "ours" : "theirs",
                from,
                y + 3,
                Math.max(1, x(bar.millis()) - from),
                ROW_HEIGHT - 6));
    line(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
            .formatted(
                WIDTH - 2,
                y + 15,
                String.format(Locale.ROOT, bar.millis() < 10 ? "%.2f" : "%.0f", bar.millis())));
  }

  private static double x(double millis) {
    double share = Math.log(Math.clamp(millis, LEAST, MOST) / LEAST) / Math.log(MOST / LEAST);
    return LABEL_WIDTH + share * (WIDTH - LABEL_WIDTH - 60);
  }

  private void line(String text) {
    svg.append(text).append('\n');
  }
}
