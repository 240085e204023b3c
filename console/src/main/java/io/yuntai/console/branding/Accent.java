package io.yuntai.console.branding;

import java.util.Locale;

/**
 * A tenant's colour, made dark enough for light grounds and light enough for dark ones: every text
 * in it keeps a contrast of {@value #LEAST_CONTRAST} to its ground (WCAG 2.2 asks for 4.5).
 *
 * @param light on light grounds, {@code #rrggbb}
 * @param dark on dark grounds
 * @param onLight of text on a surface of {@link #light}
 * @param onDark of text on a surface of {@link #dark}
 */
public record Accent(String light, String dark, String onLight, String onDark) {
  static final double LEAST_CONTRAST = 4.7;

  /** The darkest of the light grounds, and the lightest of the dark ones. */
  private static final int LIGHT_GROUND = 0xEEF1EE;

  private static final int DARK_GROUND = 0x151D1A;
  private static final int WHITE = 0xFFFFFF;
  private static final int NEAR_BLACK = 0x0A0F0D;
  private static final int STEPS = 100;

  /**
   * Both forms of a colour.
   *
   * @param colour {@code #rrggbb}
   */
  public static Accent of(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    int light = towards(rgb, 0x000000, LIGHT_GROUND);
    int dark = towards(rgb, WHITE, DARK_GROUND);
    return new Accent(text(light), text(dark), text(textOn(light)), text(textOn(dark)));
  }

  /** As little of another colour mixed in as the contrast needs. */
  private static int towards(int rgb, int other, int ground) {
    for (int step = 0; step < STEPS; step++) {
      int mixed = mix(rgb, other, step / (double) STEPS);
      if (contrast(mixed, ground) >= LEAST_CONTRAST) {
        return mixed;
      }
    }
    return other;
  }

  private static int mix(int from, int to, double part) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double a = (from >> shift) & 0xFF;
      double b = (to >> shift) & 0xFF;
      mixed |= (int) Math.round(a + (b - a) * part) << shift;
    }
    return mixed;
  }

  private static int textOn(int surface) {
    return contrast(WHITE, surface) >= contrast(NEAR_BLACK, surface) ? WHITE : NEAR_BLACK;
  }

  /** The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
  static double contrast(int one, int other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double value = (channel & 0xFF) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  private static String text(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }

  /** A style sheet that sets it. */
  public String css() {
    return ":root{--accent-light:%s;--accent-dark:%s;--on-accent-light:%s;--on-accent-dark:%s}\n"
        .formatted(light, dark, onLight, onDark);
  }
}
