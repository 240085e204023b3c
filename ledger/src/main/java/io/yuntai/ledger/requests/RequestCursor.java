package io.yuntai.ledger.requests;

import io.yuntai.ledger.requests.RequestSort.By;
import io.yuntai.ledger.tenancy.PageRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a list of requests goes on: the order's name and the place of the last one that was seen,
 * numbers with points between them; times in whole microseconds, as the database has them.
 */
final class RequestCursor {
  private static final Pattern PLACE = Pattern.compile("-?[0-9]{1,18}([.][0-9]{1,18}){1,2}");

  private RequestCursor() {}

  static String of(RequestSort sort, RequestRow row) {
    return sort.place(row).stream()
        .map(String::valueOf)
        .collect(Collectors.joining(".", sort.text() + ".", ""));
  }

  /** The values of {@link RequestSort#behind}; empty for the first page. */
  static Optional<Object[]> after(RequestSort sort, PageRequest page) {
    if (page.after().isEmpty()) {
      return Optional.empty();
    }
    String name = sort.text() + ".";
    if (!page.after().get().startsWith(name)) {
      throw PageRequest.notOurs();
    }
    String text = page.after().get().substring(name.length());
    List<Long> place =
        PLACE.matcher(text).matches()
            ? Arrays.stream(text.split("[.]", -1)).map(Long::valueOf).toList()
            : List.of();
    if (place.size() != sort.length()) {
      throw PageRequest.notOurs();
    }
    Object[] values = place.toArray();
    if (sort.by() == By.AT) {
      values[0] = Instant.EPOCH.plus(place.getFirst(), ChronoUnit.MICROS);
    }
    return Optional.of(values);
  }
}
