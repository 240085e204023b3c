package io.yuntai.cli.tenants;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Points in time and lengths of it as people write and read them. */
final class Times {
  private Times() {}

  /** A time from now on, such as {@code 90d}, or the time itself. */
  static Instant later(String option, String text, Instant now) {
    return isLength(text) ? now.plus(length(option, text)) : instant(option, text);
  }

  /** A time up to now, such as {@code 7d}, or the time itself. */
  static Instant earlier(String option, String text, Instant now) {
    return isLength(text) ? now.minus(length(option, text)) : instant(option, text);
  }

  private static boolean isLength(String text) {
    return text.matches("[0-9]{1,6}[hdw]");
  }

  /** A length such as {@code 12h}, {@code 90d} or {@code 8w}. */
  static Duration length(String option, String text) {
    if (!isLength(text)) {
      throw new CommandException(
          ExitCode.USAGE, option + " '" + text + "' is no length of time: write 12h, 90d or 8w.");
    }
    long count = Long.parseLong(text.substring(0, text.length() - 1));
    return Duration.ofHours(
        switch (text.charAt(text.length() - 1)) {
          case 'h' -> count;
          case 'd' -> count * 24;
          default -> count * 24 * 7;
        });
  }

  private static Instant instant(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new CommandException(
          ExitCode.USAGE,
          option + " '" + text + "' is no time: write 12h, 90d, 8w or 2027-01-31T00:00:00Z.",
          e);
    }
  }

  /** To the minute, a hyphen for none. */
  static String minute(@Nullable Instant time) {
    return time == null
        ? "-"
        : time.truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' ').replace(":00Z", "");
  }
}
