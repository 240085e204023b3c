package io.yuntai.planner.files;

import io.yuntai.planner.facts.Confidence;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * A number that a plan stands on, as its file says it.
 *
 * @param cell such as {@code chips.h200.price}
 * @param value as written, with its unit
 * @param source who says so; empty where the file doesn't tell
 * @param date since when; null where the file doesn't tell
 * @param confidence how far it can be believed; {@link Confidence#UNVERIFIED} where the file
 *     doesn't tell
 */
public record Assumption(
    String cell, String value, String source, @Nullable YearMonth date, Confidence confidence) {
  /** Whether it is older than so many months, or of no date. */
  public boolean isStale(YearMonth today, int months) {
    return date == null || date.plusMonths(months).isBefore(today);
  }
}
