package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageLeaf;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.chain.Sha256;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.CompiledCard;
import io.yuntai.ledger.prices.Meter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.MonthlyPrice;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.SkuPrices;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up usage, row by row in the order of request ids: rates each again, hashes it, and counts
 * units by model, class, meter and price. Order matters for nothing but the hash.
 */
final class UsageSum {
  private static final BigInteger PICOS_PER_NANO = BigInteger.valueOf(Money.PICOS_PER_NANO);

  /** What units of one line have in common. */
  record Group(
      String model,
      String serviceClass,
      Meter meter,
      long pricePico,
      String book,
      String bookSha256) {
    static final Comparator<Group> ORDER =
        Comparator.comparing(Group::model)
            .thenComparing(Group::serviceClass)
            .thenComparing(Group::meter)
            .thenComparing(Group::book)
            .thenComparing(Group::bookSha256)
            .thenComparingLong(Group::pricePico);
  }

  /** Units under a price that goes by the month. Cards follow one another in time. */
  record Monthly(String month, String price, CompiledCard card, MonthlyPrice monthly) {
    static final Comparator<Monthly> ORDER =
        Comparator.comparing(Monthly::month)
            .thenComparing(Monthly::price)
            .thenComparing(one -> one.card().from())
            .thenComparingLong(one -> one.card().id());
  }

  /** Counts of one model's tier, which spare most rows a look at the groups. */
  private static final class Tally {
    private long input;
    private long cacheHit;
    private long cacheWrite;
    private long output;
    private long reasoning;

    void add(MeteredTokens tokens) {
      input += tokens.input();
      cacheHit += tokens.cacheHit();
      cacheWrite += tokens.cacheWrite();
      output += tokens.output();
      reasoning += tokens.reasoning();
    }

    List<Counted> counted(Rates.Tier tier) {
      return List.of(
          new Counted(Meter.INPUT, input, tier.inputPico()),
          new Counted(Meter.CACHE_HIT, cacheHit, tier.cacheHitPico()),
          new Counted(Meter.CACHE_WRITE, cacheWrite, tier.cacheWritePico()),
          new Counted(Meter.OUTPUT, output, tier.outputPico()),
          new Counted(Meter.REASONING, reasoning, tier.reasoningPico()));
    }
  }

  private record Place(long cardId, String model, String serviceClass, Rates.Tier tier) {}

  private final RateCards cards;
  private final Coverage coverage;
  private final MessageDigest digest;
  private final Map<Place, Tally> tallies = new HashMap<>();
  private final Map<Monthly, Long> months = new TreeMap<>(Monthly.ORDER);
  private BigInteger exactPico = BigInteger.ZERO;
  private BigInteger chargedNano = BigInteger.ZERO;
  private long pendingNano;
  private long pendingPico;
  private long requests;

  /** Without commitments. */
  UsageSum(RateCards cards) {
    this(cards, new Coverage(List.of(), List.of()));
  }

  UsageSum(RateCards cards, Coverage coverage) {
    this.cards = cards;
    this.coverage = coverage;
    this.digest = Sha256.digest();
  }

  /**
   * Adds a request.
   *
   * @throws InvoiceException when its amount is not that of its prices
   */
  void add(UsageRecord usage) {
    digest.update(UsageLeaf.of(usage));
    requests++;
    MeteredTokens tokens = usage.tokens();
    RateCard card = cards.cited(usage.rateCardId());
    Rates rates = RequestRating.rates(card, usage);
    addExact(RequestRating.checked(rates, usage));
    Tally tally =
        tallies.computeIfAbsent(
            new Place(
                card.id(),
                usage.model(),
                usage.serviceClass().text(),
                rates.tierOf(tokens.inputLength())),
            place -> new Tally());
    tally.add(tokens);
    if (card instanceof CompiledCard compiled) {
      Rates.Tier tier = rates.tierOf(tokens.inputLength());
      addMonthly(compiled, usage, coverage.isEmpty() ? tokens : cover(compiled, usage, tier));
    }
  }

  /** Applies the commitments, and tells what is left of the tokens. */
  private MeteredTokens cover(CompiledCard card, UsageRecord usage, Rates.Tier tier) {
    List<Counted> counted = new ArrayList<>(counted(usage.tokens(), tier));
    coverage.cover(usage.model(), usage.at(), counted, RequestRating.monthlyMeters(card, usage));
    return RequestRating.left(counted);
  }

  private void addExact(Charge charge) {
    pendingNano += charge.amountNano();
    pendingPico += charge.residuePico();
    if (pendingNano > Long.MAX_VALUE / 4) {
      flush();
    }
  }

  private void flush() {
    chargedNano = chargedNano.add(BigInteger.valueOf(pendingNano));
    exactPico =
        exactPico
            .add(BigInteger.valueOf(pendingNano).multiply(PICOS_PER_NANO))
            .add(BigInteger.valueOf(pendingPico));
    pendingNano = 0;
    pendingPico = 0;
  }

  private void addMonthly(CompiledCard card, UsageRecord usage, MeteredTokens tokens) {
    SkuPrices prices = card.prices(usage.model(), usage.serviceClass());
    if (prices == null || prices.monthly().isEmpty()) {
      return;
    }
    String month = card.month(usage.at());
    for (MonthlyPrice monthly : prices.monthly()) {
      long units = RequestRating.units(monthly.meter(), tokens);
      if (units > 0) {
        String price =
            prices.sku() + " " + prices.serviceClass().text() + " " + monthly.meter().text();
        months.merge(new Monthly(month, price, card, monthly), units, Math::addExact);
      }
    }
  }

  /** Units by line, in the order of lines; what costs nothing for want of prices is left out. */
  Map<Group, Long> groups() {
    Map<Group, Long> groups = new TreeMap<>(Group.ORDER);
    tallies.forEach((place, tally) -> {
      if (cards.cited(place.cardId()) instanceof CompiledCard card) {
        Rates.Tier tier = place.tier();
        for (Counted counted : tally.counted(tier)) {
          if (counted.units() > 0) {
            groups.merge(
                new Group(
                    place.model(),
                    place.serviceClass(),
                    counted.meter(),
                    counted.pico(),
                    card.body().bookName(),
                    card.body().bookSha256()),
                counted.units(),
                Math::addExact);
          }
        }
      }
    });
    return groups;
  }

  /** Units of a meter and the price of one. */
  record Counted(Meter meter, long units, long pico) {}

  /** What a request counts, under the prices of a tier. */
  static List<Counted> counted(MeteredTokens tokens, Rates.Tier tier) {
    Tally tally = new Tally();
    tally.add(tokens);
    return tally.counted(tier);
  }

  /** Units under prices that go by the month. */
  Map<Monthly, Long> months() {
    return months;
  }

  /** What commitments covered. */
  Coverage coverage() {
    return coverage;
  }

  /** What was charged in whole nanos, as the ledger has it. */
  BigInteger chargedNano() {
    flush();
    return chargedNano;
  }

  /** What was charged, exactly. */
  BigInteger exactPico() {
    flush();
    return exactPico;
  }

  long requests() {
    return requests;
  }

  /** The hash of all rows; ends the adding. */
  String inputsSha256() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
