package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a rate card of a price book and a contract: looks up every price that requests can meet,
 * multiplies it with all factors as exact ratios, and rounds once, half to even, to a pico.
 */
final class CardCompiler {
  /** No card holds longer, so that it need not know the clock changes of distant years. */
  static final Duration LONGEST = Duration.ofDays(400);

  private static final int MAX_BANDS = 48;

  private final PriceBook book;
  private final Contract contract;
  private final Instant at;

  private CardCompiler(PriceBook book, Contract contract, Instant at) {
    this.book = book;
    this.contract = contract;
    this.at = at;
  }

  /**
   * The card that holds at an instant.
   *
   * @param until when the next book or contract takes over, as far as is known
   */
  static CompiledCard.Body compile(
      PriceBook book, Contract contract, Instant at, @Nullable Instant until) {
    return new CardCompiler(book, contract, at).compile(until);
  }

  private CompiledCard.Body compile(@Nullable Instant until) {
    TreeSet<Instant> edges = new TreeSet<>();
    edges.add(book.effectiveFrom());
    edges.add(contract.from());
    Stream.of(contract.until(), until).flatMap(Stream::ofNullable).forEach(edges::add);
    for (PriceItem item : book.items()) {
      Stream.of(item.validFrom(), item.validUntil())
          .flatMap(Stream::ofNullable)
          .forEach(edges::add);
    }
    Instant from = edges.floor(at);
    if (from == null || from.isBefore(book.effectiveFrom()) || from.isBefore(contract.from())) {
      throw new IllegalArgumentException("nothing holds at " + at);
    }
    long terms = Duration.between(from, at).dividedBy(LONGEST);
    from = from.plus(LONGEST.multipliedBy(terms));
    Instant end = from.plus(LONGEST);
    Instant edge = edges.higher(at);
    if (edge != null && edge.isBefore(end)) {
      end = edge;
    }
    return new CompiledCard.Body(
        contract.orgId(),
        book.currency().code(),
        book.name(),
        BookText.sha256(book),
        from,
        end,
        LocalClock.of(book.zone(), from, end),
        skus());
  }

  private List<SkuPrices> skus() {
    TreeSet<String> names = new TreeSet<>();
    Map<String, List<PriceItem>> priced = new HashMap<>();
    for (PriceItem item : book.items()) {
      priced.computeIfAbsent(item.sku(), sku -> new ArrayList<>()).add(item);
    }
    names.addAll(priced.keySet());
    Stream.concat(
            book.adjustments().stream().map(Adjustment::sku),
            contract.factors().stream().map(Contract.Factor::sku))
        .forEach(names::add);
    List<SkuPrices> skus = new ArrayList<>();
    for (String name : names) {
      List<PriceItem> items =
          best(priced.keySet().stream(), name, sku -> sku).map(priced::get).orElse(List.of());
      List<PriceItem> valid = items.stream().filter(item -> item.validAt(at)).toList();
      if (!valid.isEmpty()) {
        for (ServiceClass serviceClass : ServiceClass.values()) {
          skus.add(prices(name, serviceClass, valid));
        }
      }
    }
    return skus;
  }

  private static <T> Optional<T> best(Stream<T> all, String model, Function<T, String> skuOf) {
    return all.filter(one -> Sku.fits(skuOf.apply(one), model))
        .max(Comparator.comparingInt(one -> Sku.weight(skuOf.apply(one))));
  }

  private SkuPrices prices(String name, ServiceClass serviceClass, List<PriceItem> items) {
    List<MonthlyPrice> monthly = new ArrayList<>();
    List<SkuPrices.UnitPrice> units = new ArrayList<>();
    List<DayBand> bands = bands(name, items);
    for (Meter meter : Meter.values()) {
      List<PriceItem> priced = itemsOf(meter, serviceClass, items);
      if (priced.isEmpty()) {
        continue;
      }
      if (priced.getFirst().rule().monthly()) {
        monthly.add(monthly(name, meter, serviceClass, priced));
      } else if (!metered(meter)) {
        for (DayBand band : bands) {
          units.add(
              new SkuPrices.UnitPrice(
                  meter, band, pico(name, meter, serviceClass, items, band.from(), 0)));
        }
      }
    }
    boolean counts = items.stream().anyMatch(item -> metered(item.meter()));
    return new SkuPrices(
        name,
        serviceClass,
        counts
            ? merge(
                bands.stream()
                    .map(band ->
                        new SkuPrices.Band(band, rates(name, serviceClass, items, band.from())))
                    .toList())
            : List.of(),
        monthly,
        units);
  }

  /** Whether requests count it among their tokens. */
  private static boolean metered(Meter meter) {
    return meter.countsTokens() && meter != Meter.TRAIN_TOK;
  }

  /** Neighbours with the same prices are one. */
  private static List<SkuPrices.Band> merge(List<SkuPrices.Band> bands) {
    List<SkuPrices.Band> merged = new ArrayList<>();
    for (SkuPrices.Band next : bands) {
      if (!merged.isEmpty() && merged.getLast().rates().equals(next.rates())) {
        DayBand before = merged.removeLast().band();
        merged.add(
            new SkuPrices.Band(new DayBand(before.from(), next.band().until()), next.rates()));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }

  private List<DayBand> bands(String name, List<PriceItem> items) {
    TreeSet<Integer> edges = new TreeSet<>(List.of(0, DayBand.MINUTES));
    Stream.concat(
            items.stream().map(PriceItem::band),
            book.adjustments().stream()
                .filter(adjustment -> Sku.fits(adjustment.sku(), name))
                .map(Adjustment::band))
        .forEach(band -> {
          edges.add(band.from());
          edges.add(band.until());
        });
    if (edges.size() > MAX_BANDS) {
      throw new MoneyException(
          "The day of " + name + " has " + edges.size() + " parts, more than " + MAX_BANDS + ".");
    }
    List<DayBand> bands = new ArrayList<>();
    int from = 0;
    for (int until : edges.tailSet(0, false)) {
      bands.add(new DayBand(from, until));
      from = until;
    }
    return bands;
  }

  private Rates rates(String name, ServiceClass serviceClass, List<PriceItem> items, int minute) {
    TreeSet<Long> edges = new TreeSet<>(List.of(Long.MAX_VALUE));
    for (PriceItem item : items) {
      if (item.rule() == TierRule.INPUT_LENGTH) {
        edges.add(item.tierTo());
        if (item.tierFrom() > 0) {
          edges.add(item.tierFrom());
        }
      }
    }
    Meter prompt =
        Stream.of(Meter.EMBED, Meter.RERANK)
            .filter(meter -> items.stream().anyMatch(item -> item.meter() == meter))
            .findFirst()
            .orElse(Meter.INPUT);
    boolean plain = prompt == Meter.INPUT;
    List<Rates.Tier> tiers = new ArrayList<>();
    long from = 0;
    for (long below : edges) {
      long length = from;
      PriceOf price = meter -> pico(name, meter, serviceClass, items, minute, length);
      tiers.add(
          new Rates.Tier(
              below,
              price.of(prompt),
              price.of(plain ? Meter.CACHE_HIT : prompt),
              price.of(plain ? Meter.CACHE_WRITE : prompt),
              plain ? price.of(Meter.OUTPUT) : 0,
              plain ? price.of(Meter.REASONING) : 0));
      from = below;
    }
    return new Rates(tiers);
  }

  /** The price of a meter where everything else is settled. */
  private interface PriceOf {
    long of(Meter meter);
  }

  private MonthlyPrice monthly(
      String name, Meter meter, ServiceClass serviceClass, List<PriceItem> items) {
    return new MonthlyPrice(
        meter,
        items.getFirst().rule(),
        items.stream()
            .sorted(Comparator.comparingLong(PriceItem::tierFrom))
            .map(item ->
                new MonthlyPrice.Step(
                    item.tierFrom(), adjusted(name, meter, serviceClass, 0, item.pricePico())))
            .toList());
  }

  /** The price at a point; that of the dearest step where a month decides. */
  private long pico(
      String name,
      Meter meter,
      ServiceClass serviceClass,
      List<PriceItem> items,
      int minute,
      long length) {
    List<PriceItem> priced = itemsOf(meter, serviceClass, items);
    if (priced.isEmpty()) {
      throw new MoneyException(name + " has no price for " + meter.text() + " at " + at + ".");
    }
    Predicate<PriceItem> here =
        priced.getFirst().rule().monthly()
            ? item -> true
            : item ->
                item.band().contains(minute) && item.tierFrom() <= length && length < item.tierTo();
    return priced.stream()
        .filter(here)
        .mapToLong(item -> adjusted(name, meter, serviceClass, minute, item.pricePico()))
        .max()
        .orElseThrow(() ->
            new MoneyException(name + " has no price for " + meter.text() + " at " + at + "."));
  }

  /** Where a meter or class has no price of its own, another's counts: see {@link Meter}. */
  private static List<PriceItem> itemsOf(
      Meter meter, ServiceClass serviceClass, List<PriceItem> items) {
    Meter fallback = meter.fallback();
    for (Meter from : fallback == null ? List.of(meter) : List.of(meter, fallback)) {
      for (ServiceClass of : List.of(serviceClass, ServiceClass.REALTIME)) {
        List<PriceItem> found =
            items.stream()
                .filter(item -> item.meter() == from && item.serviceClass() == of)
                .toList();
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return List.of();
  }

  private long adjusted(
      String name, Meter meter, ServiceClass serviceClass, int minute, long pricePico) {
    Map<String, Adjustment> groups = new HashMap<>();
    for (Adjustment adjustment : book.adjustments()) {
      if (adjustment.fits(name, meter, serviceClass, minute)) {
        groups.merge(
            adjustment.group(),
            adjustment,
            (one, other) -> one.rank() <= other.rank() ? one : other);
      }
    }
    Ratio factor =
        best(contract.factors().stream(), name, Contract.Factor::sku)
            .map(Contract.Factor::factor)
            .orElse(Ratio.ONE);
    for (Adjustment adjustment : groups.values()) {
      factor = factor.times(adjustment.factor());
    }
    BigInteger price = factor.halfEvenOf(BigInteger.valueOf(pricePico));
    if (price.compareTo(BigInteger.valueOf(PriceLimits.largest(meter))) > 0) {
      throw new MoneyException(
          name + ": with all factors the price for " + meter.text() + " becomes absurd.");
    }
    return price.longValueExact();
  }
}
