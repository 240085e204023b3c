package io.yuntai.ledger.requests;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * In which order requests are listed. What is equal in it stands in the order of its rows, so that
 * a page can begin behind any row; an index leads there (V13, V20).
 *
 * @param by what
 * @param rising whether the least comes first
 */
public record RequestSort(By by, boolean rising) {
  /** The newest first. */
  public static final RequestSort NEWEST = new RequestSort(By.AT, false);

  private static final Collector<CharSequence, ?, String> JOINED = Collectors.joining(", ");

  /** What requests are sorted by. */
  public enum By {
    /** When they came. */
    AT("at"),
    /** How long their first token took; those without one as the quickest. */
    FIRST_TOKEN("first_token_micros"),
    /** How long they took. */
    TOTAL("total_micros"),
    /** How many tokens were read. */
    INPUT("input"),
    /** How many tokens were generated. */
    OUTPUT("output"),
    /** What they cost, each in its tenant's currency. */
    AMOUNT("amount");

    private final String text;

    By(String text) {
      this.text = text;
    }

    /** Its name in addresses. */
    public String text() {
      return text;
    }
  }

  /**
   * The order of this name.
   *
   * @param text a name of {@link By#text()}, {@code -} before it for the largest first
   */
  public static Optional<RequestSort> of(String text) {
    boolean falling = text.startsWith("-");
    String name = falling ? text.substring(1) : text;
    return Arrays.stream(By.values())
        .filter(by -> by.text.equals(name))
        .map(by -> new RequestSort(by, !falling))
        .findFirst();
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(By.values()).map(By::text).toList();
  }

  /** Its name, as {@link #of} reads it. */
  public String text() {
    return (rising ? "" : "-") + by.text;
  }

  /** Of {@code request_log r}. */
  String sql() {
    return keys().map(key -> key + (rising ? "" : " desc")).collect(JOINED);
  }

  /** What is true of the rows behind a cursor's. */
  String behind() {
    String place = keys().map(key -> key.equals("r.at") ? "?::timestamptz" : "?").collect(JOINED);
    return "(%s) %s (%s)".formatted(keys().collect(JOINED), rising ? ">" : "<", place);
  }

  private Stream<String> keys() {
    Stream<String> keys =
        switch (by) {
          case AT -> Stream.of("r.at");
          case FIRST_TOKEN -> Stream.of("coalesce(r.first_token_micros, -1)");
          case TOTAL -> Stream.of("r.total_micros");
          case INPUT -> Stream.of("(r.input + r.cache_hit + r.cache_write)");
          case OUTPUT -> Stream.of("(r.output + r.reasoning)");
          case AMOUNT -> Stream.of("r.amount_nano", "r.residue_pico");
        };
    return Stream.concat(keys, Stream.of("r.id"));
  }

  /** How many numbers say a place in this order. */
  int length() {
    return (int) keys().count();
  }

  /** A row's place in this order: whole numbers, times in microseconds. */
  List<Long> place(RequestRow row) {
    LoggedRequest request = row.request();
    return switch (by) {
      case AT -> List.of(ChronoUnit.MICROS.between(Instant.EPOCH, request.at()), row.id());
      case FIRST_TOKEN -> List.of(request.stages().firstToken(), row.id());
      case TOTAL -> List.of(request.stages().total(), row.id());
      case INPUT -> List.of((long) request.tokens().inputLength(), row.id());
      case OUTPUT -> List.of((long) request.tokens().generated(), row.id());
      case AMOUNT ->
          List.of(request.cost().amountNano(), (long) request.cost().residuePico(), row.id());
    };
  }
}
