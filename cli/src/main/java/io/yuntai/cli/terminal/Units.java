package io.yuntai.cli.terminal;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people read them: three digits and a unit (powers of 1000). */
public final class Units {
  private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}(?:[.][0-9]{1,3})?) ?((?i)[kmgtp]?B)");

  private Units() {}

  /** Such as {@code 398 MB} or {@code 1.29 GB}. */
  public static String bytes(long bytes) {
    return scaled((double) bytes);
  }

  /** Such as {@code 41.2 MB/s}. */
  public static String bytesPerSecond(double rate) {
    return scaled(rate) + "/s";
  }

  /** Reads {@code 4GB}, {@code 500 MB} or {@code 1.5TB}; empty for what is no size above 0. */
  public static OptionalLong parseBytes(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    double bytes = Double.parseDouble(size.group(1));
    for (int unit = 0; !BYTES[unit].equalsIgnoreCase(size.group(2)); unit++) {
      bytes *= 1000;
    }
    return bytes >= 1 && bytes < Long.MAX_VALUE
        ? OptionalLong.of(Math.round(bytes))
        : OptionalLong.empty();
  }

  private static String scaled(double value) {
    int unit = 0;
    double left = value;
    // 999.5 would be printed as 1000.
    while (left >= 999.5 && unit < BYTES.length - 1) {
      left /= 1000;
      unit++;
    }
    return (unit == 0 ? Long.toString(Math.round(left)) : threeDigits(left)) + " " + BYTES[unit];
  }

  private static String threeDigits(double value) {
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /**
   * Such as {@code 0.42 s}, {@code 4 s}, {@code 3 min 5 s}, {@code 2 h 10 min}, {@code 3 d 4 h}.
   */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 24 * 60) {
      return minutes / 60 + " h " + minutes % 60 + " min";
    }
    return minutes / (24 * 60) + " d " + minutes / 60 % 24 + " h";
  }

  /** A count of weights, such as {@code 494 M} or {@code 1.54 B}. */
  public static String parameters(long count) {
    return count >= 999_500_000L
        ? threeDigits(count / 1e9) + " B"
        : count >= 1_000_000 ? threeDigits(count / 1e6) + " M" : Long.toString(count);
  }
}
