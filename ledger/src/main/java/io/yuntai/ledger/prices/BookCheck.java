package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a price book may be used: every unit that it sells has exactly one price at every length,
 * minute and instant from its beginning on.
 */
final class BookCheck {
  static final int MAX_ITEMS = 5_000;
  static final int MAX_ITEMS_OF_ONE_METER = 64;
  static final int MAX_ADJUSTMENTS = 1_000;
  static final int MAX_CHANGES = 50;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern GROUP = Pattern.compile("[a-z0-9-]{1,40}");
  private static final BigInteger LARGEST_FACTOR = BigInteger.valueOf(100);
  private static final Set<Meter> PROMPTS = EnumSet.of(Meter.INPUT, Meter.EMBED, Meter.RERANK);

  /** What the items of one price have in common. */
  private record Cell(String sku, Meter meter, ServiceClass serviceClass)
      implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int bySku = sku.compareTo(other.sku);
      int byMeter = meter.compareTo(other.meter);
      return bySku != 0
          ? bySku
          : byMeter != 0 ? byMeter : serviceClass.compareTo(other.serviceClass);
    }

    @Override
    public String toString() {
      return "the price of " + sku + ", " + meter.text() + ", class " + serviceClass.text();
    }
  }

  private BookCheck() {}

  /**
   * Returns when the book is whole.
   *
   * @throws MoneyException that names the first fault
   */
  static void check(PriceBook book) {
    checkName(book.name());
    if (book.items().isEmpty()) {
      throw new MoneyException("The price book '" + book.name() + "' has no price.");
    }
    checkCount(book.items().size(), MAX_ITEMS, "prices");
    checkCount(book.adjustments().size(), MAX_ADJUSTMENTS, "factors");
    Map<Cell, List<PriceItem>> cells = new TreeMap<>();
    for (PriceItem item : book.items()) {
      check(item);
      cells
          .computeIfAbsent(
              new Cell(item.sku(), item.meter(), item.serviceClass()), cell -> new ArrayList<>())
          .add(item);
    }
    cells.forEach((cell, items) -> checkCell(book, cell, items));
    checkMeters(cells.keySet());
    checkAdjustments(book);
    checkCards(book);
  }

  /** Nothing may turn up only when the first request wants its price. */
  private static void checkCards(PriceBook book) {
    Set<Instant> changes = new HashSet<>(Set.of(book.effectiveFrom()));
    for (PriceItem item : book.items()) {
      Stream.of(item.validFrom(), item.validUntil())
          .flatMap(Stream::ofNullable)
          .filter(instant -> instant.isAfter(book.effectiveFrom()))
          .forEach(changes::add);
    }
    checkCount(changes.size(), MAX_CHANGES, "times at which prices change");
    Contract plain = new Contract(0, book.name(), book.effectiveFrom(), null, List.of());
    for (Instant change : changes) {
      CardCompiler.compile(book, plain, change, null);
    }
  }

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new MoneyException(
          "A price book can't be called '"
              + (name.length() <= 60 ? name : name.substring(0, 60) + "...")
              + "': use 1 to 63 small letters, digits and hyphens.");
    }
  }

  private static void checkCount(int count, int most, String what) {
    if (count > most) {
      throw new MoneyException(
          "The price book has " + count + " " + what + ", more than " + most + ".");
    }
  }

  /** What an item is by itself. */
  static void check(PriceItem item) {
    String sku = Sku.check(item.sku());
    String name = sku + ", " + item.meter().text() + ": ";
    long largest = PriceLimits.largest(item.meter());
    if (item.pricePico() < 0) {
      throw new MoneyException(name + "a price can't be negative.");
    }
    if (item.pricePico() > largest) {
      throw new MoneyException(
          name
              + "a price of more than "
              + largest / 1_000_000_000_000L
              + " for one unit is absurd; is it meant for a million?");
    }
    if (item.tierFrom() < 0 || item.tierFrom() >= item.tierTo()) {
      throw new MoneyException(
          name + "the tier from " + item.tierFrom() + " to " + item.tierTo() + " is empty.");
    }
    if (item.rule() == TierRule.FLAT && (item.tierFrom() != 0 || item.tierTo() != Long.MAX_VALUE)) {
      throw new MoneyException(
          name + "a flat price has no tiers; say input_length, graduated or volume.");
    }
    if (item.rule() == TierRule.INPUT_LENGTH && !item.meter().countsTokens()) {
      throw new MoneyException(name + "only tokens of requests can go by the input's length.");
    }
    if (item.rule().monthly() && !item.band().equals(DayBand.ALL_DAY)) {
      throw new MoneyException(
          name + "a price by what a month used can't also go by the time of the day.");
    }
    if (item.validFrom() != null
        && item.validUntil() != null
        && !item.validFrom().isBefore(item.validUntil())) {
      throw new MoneyException(name + "it ends at " + item.validUntil() + ", before it begins.");
    }
  }

  /** Items of one cell must tile length x minute x time: each corner of their grid is in one. */
  private static void checkCell(PriceBook book, Cell cell, List<PriceItem> items) {
    if (items.size() > MAX_ITEMS_OF_ONE_METER) {
      throw new MoneyException(
          "There are "
              + items.size()
              + " items for "
              + cell
              + ", more than "
              + MAX_ITEMS_OF_ONE_METER
              + ".");
    }
    if (items.stream().map(PriceItem::rule).distinct().count() > 1) {
      throw new MoneyException("The tiers of " + cell + " follow different rules: choose one.");
    }
    Set<Long> lengths = new HashSet<>(Set.of(0L));
    Set<Integer> minutes = new HashSet<>(Set.of(0));
    Set<Instant> instants = new HashSet<>(Set.of(book.effectiveFrom()));
    for (PriceItem item : items) {
      lengths.add(item.tierFrom());
      minutes.add(item.band().from());
      if (item.tierTo() != Long.MAX_VALUE) {
        lengths.add(item.tierTo());
      }
      if (item.band().until() != DayBand.MINUTES) {
        minutes.add(item.band().until());
      }
      if (item.validFrom() != null && item.validFrom().isAfter(book.effectiveFrom())) {
        instants.add(item.validFrom());
      }
      if (item.validUntil() != null && item.validUntil().isAfter(book.effectiveFrom())) {
        instants.add(item.validUntil());
      }
    }
    for (Instant at : instants) {
      for (int minute : minutes) {
        for (long length : lengths) {
          checkPoint(cell, items, length, minute, at);
        }
      }
    }
  }

  private static void checkPoint(
      Cell cell, List<PriceItem> items, long length, int minute, Instant at) {
    List<PriceItem> here =
        items.stream()
            .filter(item -> item.tierFrom() <= length && length < item.tierTo())
            .filter(item -> item.band().contains(minute))
            .filter(item -> item.validAt(at))
            .toList();
    if (here.size() == 1) {
      return;
    }
    throw new MoneyException(
        (here.isEmpty() ? "There is a gap in " : "Two items overlap in ")
            + cell
            + ": at "
            + length
            + " units, minute "
            + minute
            + " of the day, "
            + at
            + (here.isEmpty() ? " there is none." : " there is more than one."));
  }

  private static void checkMeters(Set<Cell> cells) {
    Map<String, Set<Meter>> realtime =
        cells.stream()
            .filter(cell -> cell.serviceClass() == ServiceClass.REALTIME)
            .collect(
                Collectors.groupingBy(
                    Cell::sku,
                    TreeMap::new,
                    Collectors.mapping(
                        Cell::meter, Collectors.toCollection(() -> EnumSet.noneOf(Meter.class)))));
    for (Cell cell : cells) {
      Set<Meter> meters = realtime.getOrDefault(cell.sku(), Set.of());
      if (!meters.contains(cell.meter())
          && (cell.meter().fallback() == null || !meters.contains(cell.meter().fallback()))) {
        throw new MoneyException(
            cell + " stands alone: class rt needs a price for " + cell.meter().text() + " too.");
      }
    }
    realtime.forEach((sku, meters) -> {
      Set<Meter> prompts = EnumSet.copyOf(PROMPTS);
      prompts.retainAll(meters);
      if (prompts.size() > 1) {
        throw new MoneyException(
            sku + " counts its prompts twice: keep one of input, embed and rerank.");
      }
      if (meters.contains(Meter.INPUT) != meters.contains(Meter.OUTPUT)) {
        throw new MoneyException(
            sku
                + " has a price for "
                + (meters.contains(Meter.INPUT)
                    ? "input but none for output"
                    : "output but none for input")
                + "; write 0 where it is free.");
      }
    });
  }

  private static void checkAdjustments(PriceBook book) {
    boolean monthly = book.items().stream().anyMatch(item -> item.rule().monthly());
    for (Adjustment adjustment : book.adjustments()) {
      Sku.check(adjustment.sku());
      Ratio factor = adjustment.factor();
      if (factor.num().compareTo(factor.den().multiply(LARGEST_FACTOR)) > 0) {
        throw new MoneyException("A factor of " + factor.percent() + " on prices is absurd.");
      }
      if (!GROUP.matcher(adjustment.group()).matches()
          || adjustment.rank() < 0
          || adjustment.rank() > 1_000) {
        throw new MoneyException(
            "The group '"
                + adjustment.group()
                + "' of a factor must be small letters, digits and hyphens, its rank 0 to 1000.");
      }
      if (monthly
          && !adjustment.band().equals(DayBand.ALL_DAY)
          && touchesMonthly(book, adjustment)) {
        throw new MoneyException(
            adjustment.sku()
                + ": a price by what a month used can't also go by the time of the day.");
      }
    }
    checkRanks(book.adjustments());
  }

  private static boolean touchesMonthly(PriceBook book, Adjustment adjustment) {
    return book.items().stream()
        .filter(item -> item.rule().monthly())
        .anyMatch(item ->
            Sku.fits(adjustment.sku(), item.sku()) || Sku.fits(item.sku(), adjustment.sku()));
  }

  /** Two that could both apply to a price must say which counts. */
  private static void checkRanks(List<Adjustment> adjustments) {
    for (int first = 0; first < adjustments.size(); first++) {
      for (int second = first + 1; second < adjustments.size(); second++) {
        Adjustment one = adjustments.get(first);
        Adjustment other = adjustments.get(second);
        if (one.group().equals(other.group()) && one.rank() == other.rank() && meet(one, other)) {
          throw new MoneyException(
              "Two factors of the group '"
                  + one.group()
                  + "' have rank "
                  + one.rank()
                  + " and meet at "
                  + one.sku()
                  + ": give one a lower rank, that one counts.");
        }
      }
    }
  }

  private static boolean meet(Adjustment one, Adjustment other) {
    return (Sku.fits(one.sku(), other.sku()) || Sku.fits(other.sku(), one.sku()))
        && (one.meter() == null || other.meter() == null || one.meter() == other.meter())
        && (one.serviceClass() == null
            || other.serviceClass() == null
            || one.serviceClass() == other.serviceClass())
        && one.band().from() < other.band().until()
        && other.band().from() < one.band().until();
  }
}
