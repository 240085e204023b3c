package io.yuntai.bench;

import java.util.Locale;

/** What figures count. */
enum Unit {
  TOKENS_PER_SECOND("tokens/s", true),
  TEXTS_PER_SECOND("texts/s", true),
  SECONDS("s", false),
  MILLISECONDS("ms", false),
  MEGABYTES("MB", false);

  private final String text;
  private final boolean moreIsBetter;

  Unit(String text, boolean moreIsBetter) {
    this.text = text;
    this.moreIsBetter = moreIsBetter;
  }

  /** How many times better the first is: above 1 if it is the better one. */
  double advantage(double ours, double theirs) {
    return moreIsBetter ? ours / theirs : theirs / ours;
  }

  /** Grows with how good a value is, as warming up wants it. */
  double speed(double value) {
    return moreIsBetter ? value : 1 / value;
  }

  /** With three significant digits or more, without the unit. */
  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  @Override
  public String toString() {
    return text;
  }
}
