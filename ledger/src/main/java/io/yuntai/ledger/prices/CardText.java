package io.yuntai.ledger.prices;

import io.yuntai.ledger.chain.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rate card as text: a line for each fact, words between spaces. What is stored, hashed and read
 * again; {@code docs/prices.md} describes it. Later versions must read and write it byte for byte.
 */
final class CardText {
  private static final String HEAD = "rate card 1";

  private CardText() {}

  static String sha256(CompiledCard.Body body) {
    return HexFormat.of().formatHex(Sha256.of(write(body).getBytes(StandardCharsets.UTF_8)));
  }

  static String write(CompiledCard.Body body) {
    StringBuilder text = new StringBuilder();
    line(text, HEAD);
    line(text, "org", body.orgId());
    line(text, "currency", body.currency());
    line(text, "book", body.bookName(), body.bookSha256());
    line(text, "from", body.from());
    line(text, "until", body.until());
    line(text, "zone", body.clock().zone());
    for (LocalClock.Offset offset : body.clock().offsets()) {
      line(text, "offset", offset.from(), offset.seconds());
    }
    for (SkuPrices sku : body.skus()) {
      line(text, "sku", sku.sku(), sku.serviceClass().text());
      for (SkuPrices.Band band : sku.bands()) {
        line(text, "band", band.band().from(), band.band().until());
        for (Rates.Tier tier : band.rates().tiers()) {
          line(
              text,
              "tier",
              tier.inputBelow(),
              tier.inputPico(),
              tier.cacheHitPico(),
              tier.cacheWritePico(),
              tier.outputPico(),
              tier.reasoningPico());
        }
      }
      for (MonthlyPrice monthly : sku.monthly()) {
        line(
            text,
            "monthly",
            monthly.meter().text(),
            monthly.rule().text(),
            monthly.steps().stream()
                .map(step -> step.from() + ":" + step.pico())
                .collect(Collectors.joining(" ")));
      }
      for (SkuPrices.UnitPrice unit : sku.units()) {
        line(
            text,
            "unit",
            unit.meter().text(),
            unit.band().from(),
            unit.band().until(),
            unit.pico());
      }
    }
    line(text, "end");
    return text.toString();
  }

  private static void line(StringBuilder text, Object... words) {
    text.append(Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")))
        .append('\n');
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  static CompiledCard.Body read(String text) {
    try {
      return new Reader(text.lines().map(line -> List.of(line.split(" "))).toList()).body();
    } catch (RuntimeException damaged) {
      throw new IllegalArgumentException("a damaged rate card", damaged);
    }
  }

  /** The lines of a card, one after another. */
  private static final class Reader {
    private final Iterator<List<String>> lines;
    private List<String> line;

    Reader(List<List<String>> lines) {
      this.lines = lines.iterator();
      this.line = this.lines.next();
    }

    CompiledCard.Body body() {
      require(String.join(" ", line).equals(HEAD));
      next();
      long org = Long.parseLong(take("org", 1).getFirst());
      String currency = take("currency", 1).getFirst();
      List<String> book = take("book", 2);
      Instant from = Instant.parse(take("from", 1).getFirst());
      Instant until = Instant.parse(take("until", 1).getFirst());
      String zone = take("zone", 1).getFirst();
      List<LocalClock.Offset> offsets = new ArrayList<>();
      while (at("offset")) {
        List<String> words = take("offset", 2);
        offsets.add(
            new LocalClock.Offset(
                Long.parseLong(words.getFirst()), Integer.parseInt(words.get(1))));
      }
      List<SkuPrices> skus = new ArrayList<>();
      while (at("sku")) {
        skus.add(sku());
      }
      require(at("end") && !lines.hasNext());
      return new CompiledCard.Body(
          org,
          currency,
          book.getFirst(),
          book.get(1),
          from,
          until,
          new LocalClock(zone, offsets),
          skus);
    }

    private SkuPrices sku() {
      List<String> words = take("sku", 2);
      List<SkuPrices.Band> bands = new ArrayList<>();
      while (at("band")) {
        DayBand band = band(take("band", 2));
        List<Rates.Tier> tiers = new ArrayList<>();
        while (at("tier")) {
          long[] numbers = take("tier", 6).stream().mapToLong(Long::parseLong).toArray();
          tiers.add(
              new Rates.Tier(
                  numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]));
        }
        bands.add(new SkuPrices.Band(band, new Rates(tiers)));
      }
      List<MonthlyPrice> monthly = new ArrayList<>();
      while (at("monthly")) {
        monthly.add(monthly());
      }
      List<SkuPrices.UnitPrice> units = new ArrayList<>();
      while (at("unit")) {
        List<String> unit = take("unit", 4);
        units.add(
            new SkuPrices.UnitPrice(
                Meter.of(unit.getFirst()), band(unit.subList(1, 3)), Long.parseLong(unit.get(3))));
      }
      return new SkuPrices(words.getFirst(), ServiceClass.of(words.get(1)), bands, monthly, units);
    }

    private MonthlyPrice monthly() {
      List<String> words = line.subList(1, line.size());
      next();
      return new MonthlyPrice(
          Meter.of(words.getFirst()),
          TierRule.of(words.get(1)),
          words.stream()
              .skip(2)
              .map(word -> {
                int colon = word.indexOf(':');
                return new MonthlyPrice.Step(
                    Long.parseLong(word.substring(0, colon)),
                    Long.parseLong(word.substring(colon + 1)));
              })
              .toList());
    }

    private static DayBand band(List<String> words) {
      return new DayBand(Integer.parseInt(words.getFirst()), Integer.parseInt(words.get(1)));
    }

    private boolean at(String keyword) {
      return line.getFirst().equals(keyword);
    }

    private List<String> take(String keyword, int words) {
      require(at(keyword) && line.size() == words + 1);
      List<String> taken = line.subList(1, line.size());
      next();
      return taken;
    }

    private void next() {
      line = lines.next();
    }

    private static void require(boolean holds) {
      if (!holds) {
        throw new IllegalArgumentException();
      }
    }
  }
}
