package io.yuntai.ledger.tenancy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * In which order organisations are listed. What is equal in it stands in the order of names, so
 * that a page can begin behind any organisation.
 *
 * @param by what
 * @param rising whether the least comes first
 */
public record OrganisationSort(By by, boolean rising) {
  /** In the order of names. */
  public static final OrganisationSort NAMES = new OrganisationSort(By.NAME, true);

  /** What organisations are sorted by. */
  public enum By {
    /** What addresses call them. */
    NAME("name"),
    /** What people call them: its first letters, so that a cursor stays short. */
    TITLE("left(lower(title), 60)"),
    /** How they stand. */
    STATUS("status"),
    /** How they pay. */
    BILLING("billing"),
    /** What they pay in. */
    CURRENCY("currency"),
    /** When they were made: microseconds with leading zeros. */
    CREATED("to_char(extract(epoch from created_at) * 1000000, 'FM00000000000000000000')");

    private final String sql;

    By(String sql) {
      this.sql = sql;
    }

    /** Its name in addresses. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An organisation and its place in an order, a text. */
  record Placed(Organisation organisation, String place) {}

  /**
   * The order of this name.
   *
   * @param text a name of {@link By#text()}, {@code -} before it for the largest first
   */
  public static Optional<OrganisationSort> of(String text) {
    boolean falling = text.startsWith("-");
    String name = falling ? text.substring(1) : text;
    return Arrays.stream(By.values())
        .filter(by -> by.text().equals(name))
        .map(by -> new OrganisationSort(by, !falling))
        .findFirst();
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(By.values()).map(By::text).toList();
  }

  /** Its name, as {@link #of} reads it. */
  public String text() {
    return (rising ? "" : "-") + by.text();
  }

  /** What {@link Placed#place} is of a row of {@code org}. */
  String place() {
    return by.sql;
  }

  String sql() {
    String falling = rising ? "" : " desc";
    return by.sql + falling + ", name" + falling;
  }

  /** What is true of the rows behind a cursor's. */
  String behind() {
    return "(%s, name) %s (?, ?)".formatted(by.sql, rising ? ">" : "<");
  }

  /** Where a list goes on: the order, the name and the place of the last one, with points. */
  String cursor(Placed last) {
    return "%s.%s.%s".formatted(text(), last.organisation().name(), last.place());
  }

  /** Place and name of a cursor's; empty for the first page. */
  Optional<Object[]> after(PageRequest page) {
    if (page.after().isEmpty()) {
      return Optional.empty();
    }
    String[] parts = page.after().get().split("[.]", 3);
    if (parts.length < 3 || !parts[0].equals(text())) {
      throw PageRequest.notOurs();
    }
    return Optional.of(new Object[] {parts[2], parts[1]});
  }
}
