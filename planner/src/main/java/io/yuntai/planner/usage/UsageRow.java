package io.yuntai.planner.usage;

import io.yuntai.planner.PlannerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * One row of a file, whose slips are told with file, line and column.
 *
 * @param line the first is 1
 */
record UsageRow(String name, int line, List<String> cells) {
  private static final double MOST = 1e18;

  String text(int place) {
    return place < cells.size() ? cells.get(place).strip() : "";
  }

  int place(Map<String, Integer> places, String column) {
    Integer place = places.get(column);
    if (place == null) {
      throw new PlannerException("%s:1: no column is called '%s'.".formatted(name, column));
    }
    return place;
  }

  double amount(int place, String column) {
    String text = text(place);
    try {
      double amount = Double.parseDouble(text);
      if (amount >= 0 && amount <= MOST) {
        return amount;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw slip(
        column,
        "'%s' is no count; counts are numbers of 0 or more without separators"
            .formatted(cut(text)));
  }

  Instant time(int place, String column) {
    String text = text(place);
    try {
      return text.endsWith("Z") || text.length() > 19
          ? Instant.parse(text)
          : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      throw slip(column, "'%s' is no time such as 2026-11-02T15:00:00Z".formatted(cut(text)));
    }
  }

  PlannerException slip(String column, String what) {
    return new PlannerException("%s:%d: column '%s': %s.".formatted(name, line, column, what));
  }

  private static String cut(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
