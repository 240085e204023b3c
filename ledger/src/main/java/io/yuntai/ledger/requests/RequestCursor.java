package io.yuntai.ledger.requests;

import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a list of requests goes on.
 *
 * @param at when the last one that was seen came, in whole microseconds as the database has it
 * @param id its row
 */
record RequestCursor(Instant at, long id) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,17})-([0-9]{1,18})");

  static String of(RequestRow row) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, row.request().at()) + "-" + row.id();
  }

  static Optional<RequestCursor> after(PageRequest page) {
    if (page.after().isEmpty()) {
      return Optional.empty();
    }
    Matcher text = TEXT.matcher(page.after().get());
    if (!text.matches()) {
      throw RefusedException.invalid("cursor", "The cursor is not one that a list here gave.");
    }
    return Optional.of(
        new RequestCursor(
            Instant.EPOCH.plus(Long.parseLong(text.group(1)), ChronoUnit.MICROS),
            Long.parseLong(text.group(2))));
  }
}
