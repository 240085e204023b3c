package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.IsoCurrency;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a price book comes to once its factors are in: for people who read or compare it. */
public final class PriceGrid {
  private PriceGrid() {}

  /**
   * A price.
   *
   * @param what model, class and meter, and tier or part of the day where there are several
   * @param countsTokens whether it is said for a million
   */
  public record Line(String what, boolean countsTokens, long pico) {}

  /** A price that two books give differently; null where a book has none. */
  public record Difference(String what, @Nullable Line before, @Nullable Line after) {}

  /** Every price of a book at an instant, by model. */
  public static List<Line> of(PriceBook book, Instant at) {
    Instant from = at.isBefore(book.effectiveFrom()) ? book.effectiveFrom() : at;
    Contract plain = new Contract(0, book.name(), book.effectiveFrom(), null, List.of());
    List<Line> lines = new ArrayList<>();
    for (SkuPrices sku : CardCompiler.compile(book, plain, from, null).skus()) {
      String name = sku.sku() + " " + sku.serviceClass().text() + " ";
      boolean generates =
          book.items().stream()
              .anyMatch(item -> item.meter() == Meter.OUTPUT && Sku.fits(item.sku(), sku.sku()));
      for (SkuPrices.Band band : sku.bands()) {
        String when = sku.bands().size() == 1 ? "" : " " + band.band();
        addTiers(lines, name, when, band.rates(), generates);
      }
      for (MonthlyPrice monthly : sku.monthly()) {
        for (MonthlyPrice.Step step : monthly.steps()) {
          String what =
              name + monthly.meter().text() + " " + monthly.rule().text() + " from " + step.from();
          lines.add(new Line(what, monthly.meter().countsTokens(), step.pico()));
        }
      }
      for (SkuPrices.UnitPrice unit : sku.units()) {
        String when = unit.band().equals(DayBand.ALL_DAY) ? "" : " " + unit.band();
        lines.add(
            new Line(name + unit.meter().text() + when, unit.meter().countsTokens(), unit.pico()));
      }
    }
    return lines;
  }

  private static void addTiers(
      List<Line> lines, String name, String when, Rates rates, boolean generates) {
    long from = 0;
    for (Rates.Tier tier : rates.tiers()) {
      String where = when + (rates.tiers().size() == 1 ? "" : " inputs from " + from);
      lines.add(new Line(name + "input" + where, true, tier.inputPico()));
      if (generates) {
        lines.add(new Line(name + "cache_hit" + where, true, tier.cacheHitPico()));
        lines.add(new Line(name + "cache_write" + where, true, tier.cacheWritePico()));
        lines.add(new Line(name + "output" + where, true, tier.outputPico()));
        lines.add(new Line(name + "reasoning" + where, true, tier.reasoningPico()));
      }
      from = tier.inputBelow();
    }
  }

  /** What differs between two books, each at its own instant. */
  public static List<Difference> difference(
      PriceBook before, Instant beforeAt, PriceBook after, Instant afterAt) {
    Map<String, Line> old = byName(of(before, beforeAt));
    Map<String, Line> renewed = byName(of(after, afterAt));
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(renewed.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String name : names) {
      Line one = old.get(name);
      Line other = renewed.get(name);
      if (one == null || !one.equals(other)) {
        differences.add(new Difference(name, one, other));
      }
    }
    return differences;
  }

  private static Map<String, Line> byName(List<Line> lines) {
    Map<String, Line> names = new TreeMap<>();
    lines.forEach(line -> names.put(line.what(), line));
    return names;
  }

  /** A price for people: {@code 2.50} for a million tokens, or for one of another unit. */
  public static String shown(Line line, IsoCurrency currency) {
    BigDecimal price =
        BigDecimal.valueOf(line.pico(), line.countsTokens() ? 6 : 12).stripTrailingZeros();
    return price.setScale(Math.max(price.scale(), currency.minorDigits())).toPlainString();
  }
}
