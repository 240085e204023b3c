package io.yuntai.planner.exports;

import java.util.List;
import java.util.Locale;

/**
 * An SVG 1.1 picture: its head, words and shapes. It is light or dark as its reader's system is,
 * and light where the reader does not ask. What colours tell, patterns, marks or words tell too.
 * Numbers have one decimal, so that the same plan gives the same bytes.
 */
final class Drawing {
  /** What stands on {@link #LIGHT} with a contrast of 3 at least (WCAG 2.2, 1.4.11). */
  static final List<String> ON_LIGHT =
      List.of(
          "#0072B2", "#B86E00", "#00805D", "#B0558F", "#3A93C9", "#D55E00", "#8A7F00", "#666666",
          "#332288", "#882255", "#2F8C80", "#7A7A22");

  /** The same on {@link #DARK}. */
  static final List<String> ON_DARK =
      List.of(
          "#56B4E9", "#E69F00", "#3CC79B", "#E08FC0", "#9AD0F0", "#FF8A3D", "#F0E442", "#B8B8B8",
          "#A99CF0", "#E07BA5", "#7AD6C8", "#C9C960");

  static final String LIGHT = "#ffffff";
  static final String DARK = "#15181c";

  /** What is drawn over a colour to tell it from others; the first is plain. */
  private static final List<String> PATTERNS =
      List.of("", "M0 8L8 0", "M0 0L8 8", "M4 0V8", "M0 4H8", "M4 2V6M2 4H6", "M0 8L8 0M0 0L8 8");

  private final String id;
  private final String title;
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder body = new StringBuilder();
  private final boolean[] patterns = new boolean[ON_LIGHT.size()];

  Drawing(String title, String unit, int width, int height, int left) {
    this.title = title;
    this.id = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    head.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-t %s-d\" font-family=\"Inter, Helvetica, Arial, sans-serif\" font-size=\"12\">\n"
            .formatted(width, height, id, id));
    body.append("<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n");
    text(left, 24, "start", "ink\" font-size=\"16\" font-weight=\"600", title);
    text(left, 42, "start", "soft", unit);
  }

  private static String style(
      String ground, String ink, String soft, String grid, List<String> on) {
    StringBuilder style = new StringBuilder();
    style.append(
        ".ground{fill:%s}.over{stroke:%s}.ink{fill:%s}.edge{stroke:%s}.soft{fill:%s}.grid{stroke:%s}.land{fill:%s}"
            .formatted(ground, ground, ink, ink, soft, grid, grid));
    for (int i = 0; i < on.size(); i++) {
      style.append(".c%d{color:%s}".formatted(i, on.get(i)));
    }
    return style.toString();
  }

  /** Words; {@code place} is the anchor, {@code look} the class. */
  void text(double x, double y, String anchor, String look, String text) {
    body.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>\n"
            .formatted(n(x), n(y), anchor, look, escape(text)));
  }

  /** A thin line. */
  void rule(double x1, double y1, double x2, double y2, String look) {
    body.append(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
            .formatted(look, n(x1), n(y1), n(x2), n(y2)));
  }

  /**
   * A box of a series: its colour and its pattern, with an edge; {@code told} on pointing at it.
   */
  void box(double x, double y, double width, double height, int series, String told) {
    int colour = series % ON_LIGHT.size();
    patterns[colour] = true;
    body.append(
        "<rect class=\"edge\" stroke-width=\"0.5\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"url(#%s-p%d)\">%s</rect>\n"
            .formatted(n(x), n(y), n(width), n(height), id, colour, tip(told)));
  }

  /** A box whose colour is as strong as a share, 0 to 1. */
  void shade(double x, double y, double width, double height, double share, String told) {
    body.append(
        "<rect class=\"c0 edge\" stroke-width=\"0.5\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"currentColor\" fill-opacity=\"%s\">%s</rect>\n"
            .formatted(
                n(x),
                n(y),
                n(width),
                n(height),
                String.format(Locale.ROOT, "%.2f", 0.55 * Math.clamp(share, 0, 1)),
                tip(told)));
  }

  /** A line through points with marks of its series; points that are none interrupt it. */
  void path(double[] x, double[] y, int series, boolean dashed) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < x.length; i++) {
      if (Double.isFinite(y[i])) {
        path.append(drawing ? "L" : "M").append(n(x[i])).append(' ').append(n(y[i]));
        mark(x[i], y[i], series);
      }
      drawing = Double.isFinite(y[i]);
    }
    if (!path.isEmpty()) {
      body.append(
          "<path class=\"c%d\" d=\"%s\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\"%s/>\n"
              .formatted(
                  series % ON_LIGHT.size(), path, dashed ? " stroke-dasharray=\"6 4\"" : ""));
    }
  }

  /** A circle, square, diamond or triangle, by the series. */
  void mark(double x, double y, int series) {
    String shape =
        switch (series % 4) {
          case 0 -> "<circle cx=\"%s\" cy=\"%s\" r=\"3.5\"".formatted(n(x), n(y));
          case 1 ->
              "<rect x=\"%s\" y=\"%s\" width=\"7.0\" height=\"7.0\""
                  .formatted(n(x - 3.5), n(y - 3.5));
          case 2 -> "<path d=\"M%s %sl4.5 4.5l-4.5 4.5l-4.5 -4.5z\"".formatted(n(x), n(y - 4.5));
          default -> "<path d=\"M%s %sl4.5 8l-9 0z\"".formatted(n(x), n(y - 4.5));
        };
    body.append(shape)
        .append(" class=\"c%d\" fill=\"currentColor\"/>\n".formatted(series % ON_LIGHT.size()));
  }

  /** An area between points. */
  void area(String points, int series) {
    body.append(
        "<polygon class=\"c%d\" points=\"%s\" fill=\"currentColor\" fill-opacity=\"0.25\"/>\n"
            .formatted(series % ON_LIGHT.size(), points));
  }

  /** Land, or something else that only orients. */
  void land(String points) {
    body.append("<polygon class=\"land\" points=\"%s\"/>\n".formatted(points));
  }

  /** A disc that another may lie under. */
  void disc(double x, double y, double radius, int series, String told) {
    body.append(
        "<circle class=\"c%d edge\" stroke-width=\"0.8\" cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"currentColor\" fill-opacity=\"0.6\">%s</circle>\n"
            .formatted(series % ON_LIGHT.size(), n(x), n(y), n(radius), tip(told)));
  }

  /** Begins a part of which only what lies in a box is seen. */
  void clip(double x, double y, double width, double height) {
    body.append(
        "<clipPath id=\"%s-c\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/></clipPath>\n<g clip-path=\"url(#%s-c)\">\n"
            .formatted(id, n(x), n(y), n(width), n(height), id));
  }

  void endClip() {
    body.append("</g>\n");
  }

  /** The picture; {@code description} is read to those who don't see it. */
  String end(String description) {
    StringBuilder out = new StringBuilder(head);
    out.append("<title id=\"%s-t\">%s</title>\n".formatted(id, escape(title)));
    out.append("<desc id=\"%s-d\">%s</desc>\n".formatted(id, escape(description)));
    out.append("<style>")
        .append(style(LIGHT, "#1a1a1a", "#555555", "#dddddd", ON_LIGHT))
        .append("@media (prefers-color-scheme:dark){")
        .append(style(DARK, "#f0f0f0", "#b4b8bd", "#3a4048", ON_DARK))
        .append("}</style>\n<defs>\n");
    for (int i = 0; i < patterns.length; i++) {
      if (patterns[i]) {
        String over = PATTERNS.get(i % PATTERNS.size());
        out.append(
            "<pattern id=\"%s-p%d\" class=\"c%d\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\" fill=\"currentColor\"/>%s</pattern>\n"
                .formatted(
                    id,
                    i,
                    i,
                    over.isEmpty()
                        ? ""
                        : "<path class=\"over\" d=\"%s\" fill=\"none\" stroke-width=\"1.2\"/>"
                            .formatted(over)));
      }
    }
    return out.append("</defs>\n").append(body).append("</svg>\n").toString();
  }

  private static String tip(String told) {
    return told.isEmpty() ? "" : "<title>" + escape(told) + "</title>";
  }

  /** A number as axes tell it. */
  static String amount(double value) {
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

  /** A coordinate. */
  static String n(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
