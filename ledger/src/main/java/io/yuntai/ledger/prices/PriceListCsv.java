package io.yuntai.ledger.prices;

import io.yuntai.ledger.documents.CsvRows;
import io.yuntai.ledger.money.Decimals;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A price list as a table. Each row names a model; prices stand either one to a row, in a column
 * {@code price} beside {@code meter}, or in columns that are named after what they price ({@code
 * input}, {@code batch output}). {@code docs/prices.md} shows both.
 */
public final class PriceListCsv {
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "model", "sku",
          "name", "sku",
          "cached_input", "cache_hit",
          "service_class", "class",
          "unit", "per",
          "discount_group", "group");
  private static final Set<String> PLAIN_COLUMNS =
      Set.of(
          "sku",
          "meter",
          "class",
          "rule",
          "tier_from",
          "tier_to",
          "valid_from",
          "valid_until",
          "band",
          "price",
          "per",
          "factor",
          "group",
          "rank",
          "note");
  private static final Map<String, Long> PER =
      Map.of("1", 1L, "1k", 1_000L, "1000", 1_000L, "1m", 1_000_000L, "1000000", 1_000_000L);
  private static final BigDecimal LARGEST_PRICE = BigDecimal.valueOf(Long.MAX_VALUE / 2);
  private static final int PICO_DIGITS = 12;

  private final ZoneId zone;
  private final List<PriceItem> items = new ArrayList<>();
  private final List<Adjustment> adjustments = new ArrayList<>();

  private PriceListCsv(ZoneId zone) {
    this.zone = zone;
  }

  /** What a column prices. */
  private record Priced(Meter meter, ServiceClass serviceClass) {}

  /**
   * Reads a price list.
   *
   * @param zone whose clock parts of the day and dates go by
   * @param effectiveFrom the beginning to check it for; publishing sets the real one
   * @throws MoneyException with the line at fault, or what of the whole is not whole
   */
  public static PriceBook read(
      String name, IsoCurrency currency, ZoneId zone, Instant effectiveFrom, String text) {
    List<CsvRows.Row> rows = CsvRows.read(text);
    if (rows.isEmpty()) {
      throw new MoneyException("The price list is empty: its first line must name the columns.");
    }
    PriceListCsv list = new PriceListCsv(zone);
    List<String> columns = rows.getFirst().fields().stream().map(PriceListCsv::column).toList();
    list.checkColumns(columns);
    for (CsvRows.Row row : rows.subList(1, rows.size())) {
      try {
        list.add(values(columns, row));
      } catch (MoneyException fault) {
        throw new MoneyException("Line " + row.line() + ": " + fault.getMessage());
      }
    }
    PriceBook book =
        new PriceBook(name, currency, zone, effectiveFrom, list.items, list.adjustments);
    BookCheck.check(book);
    return book;
  }

  private static String column(String header) {
    String plain = header.toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
    return SYNONYMS.getOrDefault(plain, plain);
  }

  private void checkColumns(List<String> columns) {
    Set<String> seen = new HashSet<>();
    for (String column : columns) {
      if (!seen.add(column)) {
        throw new MoneyException("The price list has two columns '" + column + "'.");
      }
      if (!PLAIN_COLUMNS.contains(column) && priced(column) == null) {
        throw new MoneyException(
            "The price list has an unknown column '"
                + (column.length() <= 40 ? column : column.substring(0, 40) + "...")
                + "'; docs/prices.md lists those there are.");
      }
    }
    if (!seen.contains("sku")) {
      throw new MoneyException("The price list needs a column 'model'.");
    }
    if (seen.contains("price") && !seen.contains("meter")) {
      throw new MoneyException("The price list has a column 'price', so it needs one 'meter'.");
    }
  }

  /** {@code batch_input}: input of class batch. */
  private static @Nullable Priced priced(String column) {
    for (ServiceClass serviceClass : ServiceClass.values()) {
      String prefix = serviceClass == ServiceClass.REALTIME ? "" : serviceClass.text() + "_";
      for (Meter meter : Meter.values()) {
        if (column.equals(prefix + meter.text())) {
          return new Priced(meter, serviceClass);
        }
      }
    }
    return null;
  }

  private static Map<String, String> values(List<String> columns, CsvRows.Row row) {
    if (row.fields().size() > columns.size()) {
      throw new MoneyException(
          "there are "
              + row.fields().size()
              + " fields for "
              + columns.size()
              + " columns; a number must not have a comma.");
    }
    Map<String, String> values = new HashMap<>();
    for (int column = 0; column < row.fields().size(); column++) {
      if (!row.fields().get(column).isEmpty()) {
        values.put(columns.get(column), row.fields().get(column));
      }
    }
    return values;
  }

  private void add(Map<String, String> row) {
    String sku = Sku.check(required(row, "sku"));
    List<DayBand> bands =
        row.containsKey("band") ? DayBand.parse(required(row, "band")) : List.of(DayBand.ALL_DAY);
    boolean some = false;
    if (row.containsKey("factor")) {
      addFactor(sku, row, bands);
      some = true;
    }
    if (row.containsKey("price")) {
      ServiceClass serviceClass =
          ServiceClass.of(row.getOrDefault("class", ServiceClass.REALTIME.text()));
      addItem(sku, new Priced(Meter.of(required(row, "meter")), serviceClass), "price", row, bands);
      some = true;
    }
    for (String column : row.keySet()) {
      Priced priced = PLAIN_COLUMNS.contains(column) ? null : priced(column);
      if (priced != null) {
        if (row.containsKey("class")) {
          priced = new Priced(priced.meter(), ServiceClass.of(required(row, "class")));
        }
        addItem(sku, priced, column, row, bands);
        some = true;
      }
    }
    if (!some) {
      throw new MoneyException(sku + " has neither a price nor a factor.");
    }
  }

  private void addFactor(String sku, Map<String, String> row, List<DayBand> bands) {
    if (row.containsKey("price")) {
      throw new MoneyException("a row gives either a price or a factor.");
    }
    for (DayBand band : bands) {
      adjustments.add(
          new Adjustment(
              sku,
              row.containsKey("meter") ? Meter.of(required(row, "meter")) : null,
              row.containsKey("class") ? ServiceClass.of(required(row, "class")) : null,
              band,
              Ratio.parse(required(row, "factor"), "factor"),
              row.getOrDefault("group", "discount"),
              (int) number(row, "rank", 0)));
    }
  }

  private void addItem(
      String sku, Priced priced, String column, Map<String, String> row, List<DayBand> bands) {
    long tierFrom = number(row, "tier_from", 0);
    long tierTo = number(row, "tier_to", Long.MAX_VALUE);
    boolean tiered = row.containsKey("tier_from") || row.containsKey("tier_to");
    TierRule rule =
        row.containsKey("rule")
            ? TierRule.of(required(row, "rule"))
            : tiered ? TierRule.INPUT_LENGTH : TierRule.FLAT;
    long pico = pico(required(row, column), priced.meter(), row.get("per"));
    for (DayBand band : bands) {
      PriceItem item =
          new PriceItem(
              sku,
              priced.meter(),
              priced.serviceClass(),
              rule,
              tierFrom,
              tierTo,
              instant(row, "valid_from"),
              instant(row, "valid_until"),
              band,
              pico);
      BookCheck.check(item);
      items.add(item);
    }
  }

  private static long pico(String price, Meter meter, @Nullable String per) {
    Long units =
        PER.get(per == null ? (meter.countsTokens() ? "1m" : "1") : per.toLowerCase(Locale.ROOT));
    if (units == null) {
      throw new MoneyException("'" + per + "' is no number of units: it must be 1, 1K or 1M.");
    }
    int digits = PICO_DIGITS - Long.toString(units).length() + 1;
    return Decimals.parse(price, digits, LARGEST_PRICE, "price for " + units + " units");
  }

  private static long number(Map<String, String> row, String column, long otherwise) {
    String text = row.get(column);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,15}")) {
      throw new MoneyException("'" + text + "' in " + column + " is no whole number.");
    }
    return Long.parseLong(text);
  }

  /** A date means its first moment in the price list's zone. */
  private @Nullable Instant instant(Map<String, String> row, String column) {
    String text = row.get(column);
    if (text == null) {
      return null;
    }
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw new MoneyException(
          "'" + text + "' in " + column + " is no time: write 2026-12-01 or 2026-12-01T00:00:00Z.");
    }
  }

  private static String required(Map<String, String> row, String column) {
    String value = row.get(column);
    if (value == null) {
      throw new MoneyException("the column '" + column + "' is empty.");
    }
    return value;
  }
}
