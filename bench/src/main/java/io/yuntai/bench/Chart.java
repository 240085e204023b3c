package io.yuntai.bench;

import io.yuntai.engine.measure.Spread;
import java.util.List;

/**
 * A report as a picture (SVG): for each thing measured a bar as long as Yuntai is times better than
 * llama.cpp, with a line at 1. The scale is logarithmic, so that half as good and twice as good are
 * equally far from the line. Colours follow the reader's light or dark setting.
 */
final class Chart {
  private static final int WIDTH = 760;
  private static final int LABEL_WIDTH = 310;
  private static final int ROW_HEIGHT = 24;
  private static final int HEADING_HEIGHT = 34;
  private static final int AXIS_HEIGHT = 30;
  private static final double RATIO_MAX = 8;
  private static final double[] TICKS = {0.125, 0.25, 0.5, 1, 2, 4, 8};

  private final StringBuilder svg = new StringBuilder();
  private final Report report;

  private Chart(Report report) {
    this.report = report;
  }

  static String svg(Report report) {
    Chart chart = new Chart(report);
    chart.draw();
    return chart.svg.toString();
  }

  private void draw() {
    List<String> models = BenchmarksPage.models(report);
    int rows = report.measurements().stream().filter(m -> !m.theirs().isEmpty()).toList().size();
    int height = models.size() * HEADING_HEIGHT + rows * ROW_HEIGHT + AXIS_HEIGHT + 10;
    line(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="system-ui, sans-serif" font-size="13">
        <title>How many times better Yuntai is than llama.cpp</title>
        <style>
          text { fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d0d7de } .one { stroke: #57606a; stroke-width: 1.5 }
          .better { fill: #2a7d6f } .worse { fill: #b8632e } .range { stroke: #24292f; stroke-width: 1.5 }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #30363d } .one { stroke: #9198a1 }
            .better { fill: #4fb3a2 } .worse { fill: #e08d57 } .range { stroke: #e6edf3 }
          }
        </style>\
        """
            .formatted(WIDTH, height, WIDTH, height));
    int bottom = height - AXIS_HEIGHT;
    for (double tick : TICKS) {
      line(
          "<line class=\"%s\" x1=\"%.1f\" y1=\"10\" x2=\"%.1f\" y2=\"%d\"/>"
              .formatted(tick == 1 ? "one" : "grid", x(tick), x(tick), bottom));
      line(
          "<text class=\"faint\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>"
              .formatted(
                  x(tick), bottom + 18, tick < 1 ? "1/" + (int) (1 / tick) : (int) tick + "×"));
    }
    int y = 10;
    for (String model : models) {
      line(
          "<text x=\"0\" y=\"%d\" font-weight=\"600\">%s</text>".formatted(y + 22, escaped(model)));
      y += HEADING_HEIGHT;
      for (Measurement row : BenchmarksPage.of(report, model)) {
        if (!row.theirs().isEmpty()) {
          bar(row, y);
          y += ROW_HEIGHT;
        }
      }
    }
    line("</svg>");
  }

  private void bar(Measurement row, int y) {
    Spread advantage = Spread.of(row.advantages());
    double one = x(1);
    double end = x(advantage.median());
    line("<text x=\"12\" y=\"%d\">%s</text>".formatted(y + 16, escaped(row.label())));
    line(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>"
            .formatted(
                advantage.median() >= 1 ? "better" : "worse",
                Math.min(one, end),
                y + 4,
                Math.max(1, Math.abs(end - one)),
                ROW_HEIGHT - 8));
    line(
        "<line class=\"range\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>"
            .formatted(x(advantage.min()), y + 12, x(advantage.max()), y + 12));
    line(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
            .formatted(WIDTH - 2, y + 16, Unit.number(advantage.median())));
  }

  private static double x(double ratio) {
    double share =
        (Math.log(Math.clamp(ratio, 1 / RATIO_MAX, RATIO_MAX)) / Math.log(RATIO_MAX) + 1) / 2;
    return LABEL_WIDTH + share * (WIDTH - LABEL_WIDTH - 50);
  }

  private void line(String text) {
    svg.append(text).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
