package io.yuntai.ledger.tenancy;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which part of a list is asked for.
 *
 * @param after the cursor of the page before; empty for the first page
 * @param limit most items, 1 to {@link #MAX_LIMIT}
 */
public record PageRequest(Optional<String> after, int limit) {
  /** Most items of a page. */
  public static final int MAX_LIMIT = 1000;

  private static final int MAX_CURSOR_CHARS = 200;

  /** Checks the limit. */
  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw RefusedException.invalid(
          "limit", "The limit is 1 to %d, not %d.".formatted(MAX_LIMIT, limit));
    }
    if (after.isPresent()
        && (after.get().length() > MAX_CURSOR_CHARS
            || !after.get().codePoints().allMatch(Texts::isPrintable))) {
      throw notOurs();
    }
  }

  /** The first page. */
  public static PageRequest first(int limit) {
    return new PageRequest(Optional.empty(), limit);
  }

  /** The number that the cursor is, for lists with the newest first; above all for none. */
  public long beforeId() {
    return number(Long.MAX_VALUE);
  }

  /** The number that the cursor is, for lists with the oldest first; below all for none. */
  public long afterId() {
    return number(0);
  }

  /** The text that the cursor is, for lists in the order of names; empty for none. */
  public String afterName() {
    return after.orElse("");
  }

  private long number(long none) {
    if (after.isEmpty()) {
      return none;
    }
    if (!after.get().matches("[0-9]{1,18}")) {
      throw notOurs();
    }
    return Long.parseLong(after.get());
  }

  /** What a cursor is answered that no list gave. */
  public static RefusedException notOurs() {
    return RefusedException.invalid("cursor", "The cursor is not one that a list here gave.");
  }

  /**
   * The page of rows that were read one beyond the limit.
   *
   * @param cursor what an item's cursor is
   */
  public <T> Page<T> cut(List<T> rows, Function<T, String> cursor) {
    if (rows.size() <= limit) {
      return new Page<>(rows, Optional.empty());
    }
    List<T> items = rows.subList(0, limit);
    return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
  }
}
