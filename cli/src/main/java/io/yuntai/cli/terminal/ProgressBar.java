package io.yuntai.cli.terminal;

import java.time.Duration;

/** One line that shows how far a transfer is; its bar moves by eighths of a column. */
public final class ProgressBar {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
  private static final int WIDTH_MAX = 30;
  private static final int WIDTH_MIN = 5;

  private ProgressBar() {}

  /**
   * A line of at most {@code columns} characters: what, bar, per cent, bytes, rate and time left,
   * as far as they fit.
   *
   * @param totalBytes -1 while unknown
   * @param etaSeconds -1 while unknown
   */
  public static String line(
      String what,
      long bytes,
      long totalBytes,
      double bytesPerSecond,
      long etaSeconds,
      int columns) {
    StringBuilder facts = new StringBuilder();
    if (totalBytes > 0) {
      facts.append(
          String.format(
              java.util.Locale.ROOT, "%3d %%  ", Math.min(100, bytes * 100 / totalBytes)));
      facts.append(Units.bytes(bytes)).append(" / ").append(Units.bytes(totalBytes));
    } else {
      facts.append(Units.bytes(bytes));
    }
    if (bytesPerSecond > 0) {
      facts.append("  ").append(Units.bytesPerSecond(bytesPerSecond));
    }
    if (etaSeconds >= 0) {
      facts.append("  ").append(eta(etaSeconds));
    }
    // One column stays free: a line that fills the last one wraps in some terminals.
    int width = Math.min(WIDTH_MAX, columns - 1 - what.length() - 4 - facts.length());
    String bar = totalBytes > 0 && width >= WIDTH_MIN ? bar(bytes, totalBytes, width) + "  " : "";
    String line = what + "  " + bar + facts;
    return line.length() < columns ? line : line.substring(0, columns - 1);
  }

  private static String eta(long seconds) {
    return seconds < 60 ? seconds + " s" : Units.duration(Duration.ofSeconds(seconds));
  }

  private static String bar(long done, long total, int width) {
    long eighths = Math.min(8L * width, (long) ((double) done / total * 8 * width));
    int whole = (int) (eighths / 8);
    StringBuilder bar = new StringBuilder("█".repeat(whole));
    if (whole < width) {
      bar.append(EIGHTHS.charAt((int) (eighths % 8)));
      bar.append("░".repeat(width - whole - 1));
    }
    return bar.toString();
  }
}
