package io.yuntai.ledger.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentPeriod;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.prices.TestCards;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * T6 for commitments: invoices of random usage under random commitments, cut into invoices at
 * random and with requests that settle late, against a slow oracle that looks at each token alone.
 */
class CommitmentOracleTest {
  private static final int WORLDS = Integer.getInteger("yuntai.commitment.worlds", 150);
  private static final String[] MODELS = {"alpha", "beta-small", "beta-large", "vectors"};
  private static final String PRICES =
      """
      model,meter,price,class,rule,tier_from,tier_to,band,factor,group,rank
      alpha,input,2.5,,,0,40,,,,
      alpha,input,4,,,40,,,,,
      alpha,output,10.000001,,,,,,,,
      beta*,input,1,,graduated,0,300,,,,
      beta*,input,0.7,,graduated,300,,,,,
      beta*,output,3,,,,,,,,
      vectors,embed,0.5,,volume,0,200,,,,
      vectors,embed,0.4,,volume,200,,,,,
      alpha,,,,,,,22:00-08:00,20%,night,
      *,,,batch,,,,,50%,channel,1
      """;
  private static final RateCard CARD =
      TestCards.card(TestCommitments.ZONE, "2026-10-01T00:00:00Z", PRICES, TestInvoices.NOVEMBER);

  /** A request and the invoice that it is on. */
  private record Placed(UsageRecord usage, int invoice) {}

  @Test
  void linesOfCommitmentsAreThoseOfTheOracle() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("CommitmentOracleTest seed " + seed);
    Random random = new Random(seed);
    long lines = 0;
    for (int world = 0; world < WORLDS; world++) {
      lines += check(random);
    }
    assertThat(lines).isGreaterThan(WORLDS);
  }

  private static long check(Random random) {
    List<BoundCommitment> commitments = commitments(random);
    int invoices = 1 + random.nextInt(4);
    List<Instant> cuts = new ArrayList<>();
    cuts.add(TestInvoices.NOVEMBER);
    for (int cut = 1; cut < invoices; cut++) {
      cuts.add(TestInvoices.NOVEMBER.plusSeconds(random.nextInt(2_592_000)));
    }
    cuts.add(TestInvoices.DECEMBER);
    cuts.sort(Comparator.naturalOrder());
    List<Placed> placed = placed(random, cuts, invoices);

    Oracle oracle = new Oracle(commitments);
    Map<String, MonthUnits> months = new HashMap<>();
    Map<Coverage.Place, BigInteger> covered = new HashMap<>();
    long lines = 0;
    for (int number = 0; number < invoices; number++) {
      int current = number;
      Terms.UsageRange range =
          new Terms.UsageRange(cuts.get(number), number, cuts.get(number + 1), number + 1L);
      Terms terms =
          TestInvoices.terms(
              range,
              List.copyOf(months.values()),
              commitments,
              covered.entrySet().stream()
                  .map(entry ->
                      new CoveredUnits(
                          entry.getKey().commitment(), entry.getKey().begin(), entry.getValue()))
                  .toList(),
              InvoiceMaker.ENGINE_VERSION);
      List<UsageRecord> usage =
          placed.stream().filter(one -> one.invoice() == current).map(Placed::usage).toList();
      Invoice invoice = make(terms, usage);
      usage.forEach(oracle::add);
      for (BoundCommitment one : commitments) {
        assertThat(sum(invoice, one.commitment()))
            .as("%s on invoice %s of %s", one.commitment(), number, cuts)
            .isEqualByComparingTo(oracle.invoiced(one, range));
        lines++;
      }
      assertThat(monthly(invoice)).isEqualByComparingTo(oracle.monthly());
      assertThat(
              invoice.lines().stream()
                  .map(InvoiceLine::minor)
                  .reduce(BigInteger.ZERO, BigInteger::add))
          .isEqualTo(invoice.netMinor());
      Invoice sealed = InvoiceBody.read(InvoiceBody.write(invoice));
      assertThat(sealed).isEqualTo(invoice);
      assertThat(InvoiceBody.write(make(sealed.terms(), usage)))
          .isEqualTo(InvoiceBody.write(invoice));
      assertThat(explained(invoice, usage)).isEqualTo(lines(invoice));
      invoice
          .covered()
          .forEach(one ->
              covered.merge(
                  new Coverage.Place(one.commitment(), one.begin()), one.units(), BigInteger::add));
      for (MonthUnits one : invoice.months()) {
        months.merge(
            one.month() + one.price(),
            one,
            (a, b) -> new MonthUnits(a.month(), a.price(), a.units() + b.units()));
      }
    }
    for (BoundCommitment one : commitments) {
      covered.forEach((place, units) -> {
        if (place.commitment() == one.commitment().id()) {
          assertThat(units).isLessThanOrEqualTo(one.commitment().terms().capacity());
        }
      });
    }
    return lines;
  }

  private static Invoice make(Terms terms, List<UsageRecord> usage) {
    UsageSum sum = new UsageSum(TestInvoices.only(CARD), Issuing.coverage(terms));
    usage.forEach(sum::add);
    return InvoiceMaker.invoice(terms, sum, BigInteger.ZERO, BigInteger.ZERO);
  }

  /** What prices by the month give back, of tokens that no commitment has covered. */
  private static BigDecimal monthly(Invoice invoice) {
    return new BigDecimal(
        invoice.lines().stream()
            .filter(line -> line.meter().contains(" of 2026-"))
            .map(InvoiceLine::exactPico)
            .reduce(BigInteger.ZERO, BigInteger::add));
  }

  private static BigDecimal sum(Invoice invoice, Commitment commitment) {
    return new BigDecimal(
        invoice.lines().stream()
            .filter(line -> line.book().equals("commitment " + commitment.id()))
            .map(InvoiceLine::exactPico)
            .reduce(BigInteger.ZERO, BigInteger::add));
  }

  /** What "why" tells of requests adds up to each line that is about requests. */
  private static Map<Integer, BigInteger> explained(Invoice invoice, List<UsageRecord> usage) {
    Map<Integer, BigInteger> sums = new HashMap<>();
    for (InvoiceLine line : invoice.lines()) {
      if (aboutRequests(line)) {
        Reasons reasons =
            new Reasons(
                TestInvoices.only(CARD),
                invoice,
                line,
                Map.of(),
                reason -> sums.merge(line.number(), reason.exactPico(), BigInteger::add));
        usage.forEach(reasons::add);
        assertThat(Reasons.story(invoice, line)).endsWith(".");
      }
    }
    return sums;
  }

  private static Map<Integer, BigInteger> lines(Invoice invoice) {
    Map<Integer, BigInteger> sums = new HashMap<>();
    invoice.lines().stream()
        .filter(CommitmentOracleTest::aboutRequests)
        .forEach(line -> sums.put(line.number(), line.exactPico()));
    return sums;
  }

  /** Not fees, and not what a month gives back, of which requests tell what they were charged. */
  private static boolean aboutRequests(InvoiceLine line) {
    return line.pricePico() > 0
        || (line.book().startsWith("commitment") && line.exactPico().signum() < 0);
  }

  private static List<Placed> placed(Random random, List<Instant> cuts, int invoices) {
    List<Placed> placed = new ArrayList<>();
    int requests = random.nextInt(120);
    // A small world by the clock, so that hours and months meet more than one request.
    Instant near = TestInvoices.NOVEMBER.plusSeconds(random.nextInt(2_500_000));
    for (int request = 0; request < requests; request++) {
      Instant at =
          random.nextInt(3) == 0
              ? TestInvoices.NOVEMBER.plusSeconds(random.nextInt(2_592_000))
              : near.plusSeconds(random.nextInt(7_200));
      UsageRecord usage = usage(random, request, at);
      int earliest = 0;
      while (!at.isBefore(cuts.get(earliest + 1)) && earliest < invoices - 1) {
        earliest++;
      }
      int late = random.nextInt(5) == 0 ? random.nextInt(invoices - earliest) : 0;
      placed.add(new Placed(usage, earliest + late));
    }
    placed.sort(Comparator.comparing(one -> one.usage().requestId()));
    return placed;
  }

  private static UsageRecord usage(Random random, int number, Instant at) {
    String model = MODELS[random.nextInt(MODELS.length)];
    ServiceClass serviceClass = random.nextInt(4) == 0 ? ServiceClass.BATCH : ServiceClass.REALTIME;
    boolean generates = !model.equals("vectors");
    MeteredTokens tokens =
        new MeteredTokens(
            random.nextInt(50),
            random.nextInt(20),
            random.nextInt(3),
            generates ? random.nextInt(30) : 0,
            generates ? random.nextInt(10) : 0);
    Charge charge = CARD.rates(model, serviceClass, at).orElseThrow().charge(tokens);
    return new UsageRecord(
        new UUID(at.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | number),
        7,
        1,
        0,
        3,
        at,
        model,
        CARD.id(),
        serviceClass,
        tokens,
        charge.amountNano(),
        charge.residuePico(),
        UsageStatus.COMPLETED,
        List.of());
  }

  private static List<BoundCommitment> commitments(Random random) {
    String[] skus = {"*", "alpha", "beta*", "beta-small", "vectors"};
    List<BoundCommitment> all = new ArrayList<>();
    int number = 1 + random.nextInt(4);
    for (int id = 1; id <= number; id++) {
      CommitmentPeriod period =
          random.nextBoolean() ? CommitmentPeriod.HOUR : CommitmentPeriod.MONTH;
      long tokens = 1L + random.nextInt(random.nextBoolean() ? 100 : 3_000);
      CommitmentTerms terms =
          switch (random.nextInt(3)) {
            case 0 -> new CommitmentTerms.FreeTokens(tokens);
            case 1 -> new CommitmentTerms.Reservation(tokens, 1L + random.nextInt(1_000_000));
            default -> {
              int den = 1 + random.nextInt(100);
              yield new CommitmentTerms.SavingsPlan(
                  1L + random.nextInt(2_000_000), Ratio.of(1L + random.nextInt(den), den));
            }
          };
      Instant from = TestInvoices.NOVEMBER;
      Instant until = null;
      if (period == CommitmentPeriod.HOUR && random.nextBoolean()) {
        from = from.plus(Duration.ofHours(random.nextInt(400)));
        until = from.plus(Duration.ofHours(1 + random.nextInt(400)));
      }
      all.add(
          TestCommitments.of(id, skus[random.nextInt(skus.length)], period, terms, from, until));
    }
    return all;
  }

  /** Looks at each token alone, in decimals, with the JDK's clock. */
  private static final class Oracle {
    private final List<BoundCommitment> ordered = new ArrayList<>();
    private final Map<String, BigDecimal> used = new HashMap<>();
    private final Map<Long, BigDecimal> given = new HashMap<>();

    /** Tokens of a month that nothing covered, before this invoice and with it. */
    private final Map<String, Long> before = new HashMap<>();

    private final Map<String, Long> counted = new HashMap<>();

    Oracle(List<BoundCommitment> commitments) {
      ordered.addAll(commitments);
      ordered.sort(
          Comparator.comparingInt((BoundCommitment one) -> kind(one))
              .thenComparingInt(one -> -length(one.commitment().sku()))
              .thenComparingLong(one -> one.commitment().id()));
    }

    private static int kind(BoundCommitment one) {
      return List.of("free_tokens", "reservation", "savings_plan")
          .indexOf(one.commitment().terms().kind());
    }

    private static int length(String sku) {
      return sku.endsWith("*") ? sku.length() : 1_000;
    }

    void add(UsageRecord usage) {
      Rates.Tier tier =
          CARD.rates(usage.model(), usage.serviceClass(), usage.at())
              .orElseThrow()
              .tierOf(usage.tokens().inputLength());
      MeteredTokens tokens = usage.tokens();
      BigDecimal open = BigDecimal.ZERO;
      // Beta's input, and what it stands in for, goes by the month, and so do all vectors.
      boolean beta = usage.model().startsWith("beta");
      boolean vectors = usage.model().equals("vectors");
      String month = usage.at().atZone(ZoneId.of(TestCommitments.ZONE)).toString().substring(0, 7);
      String key = usage.serviceClass().text() + " " + month;
      String prompt = beta ? "beta " : vectors ? "vectors " : "";
      open = open.add(tokens(usage, tokens.input(), tier.inputPico(), key(prompt, "in ", key)));
      open =
          open.add(tokens(usage, tokens.cacheHit(), tier.cacheHitPico(), key(prompt, "hit ", key)));
      open =
          open.add(
              tokens(
                  usage, tokens.cacheWrite(), tier.cacheWritePico(), key(prompt, "write ", key)));
      open = open.add(tokens(usage, tokens.output(), tier.outputPico(), ""));
      open = open.add(tokens(usage, tokens.reasoning(), tier.reasoningPico(), ""));
      for (BoundCommitment one : ordered) {
        if (holds(one, usage)
            && one.commitment().terms() instanceof CommitmentTerms.SavingsPlan plan) {
          BigDecimal capacity =
              new BigDecimal(plan.feeNano())
                  .multiply(new BigDecimal(1_000))
                  .multiply(new BigDecimal(plan.pays().den()))
                  .divide(new BigDecimal(plan.pays().num()), 0, RoundingMode.FLOOR);
          BigDecimal before = used.getOrDefault(place(one, usage.at()), BigDecimal.ZERO);
          BigDecimal taken = capacity.subtract(before).min(open);
          used.put(place(one, usage.at()), before.add(taken));
          given.merge(one.commitment().id(), taken, BigDecimal::add);
          open = open.subtract(taken);
        }
      }
    }

    /** Under what a month counts tokens: each meter of beta's alone, those of vectors together. */
    private static String key(String prompt, String meter, String rest) {
      return prompt.isEmpty() ? "" : prompt + (prompt.startsWith("beta") ? meter : "all ") + rest;
    }

    /**
     * What tokens cost that a savings plan may cover.
     *
     * @param monthly under what their month counts them; empty where it does not
     */
    private BigDecimal tokens(UsageRecord usage, int count, long pico, String monthly) {
      BigDecimal open = BigDecimal.ZERO;
      for (int token = 0; token < count; token++) {
        if (pico > 0 && !covered(usage, pico)) {
          if (monthly.isEmpty()) {
            open = open.add(new BigDecimal(pico));
          } else {
            counted.merge(monthly, 1L, Long::sum);
          }
        }
      }
      return open;
    }

    /** What the tokens since the last invoice cost by their months, less what they were charged. */
    BigDecimal monthly() {
      BigDecimal sum = BigDecimal.ZERO;
      for (Map.Entry<String, Long> one : counted.entrySet()) {
        long earlier = before.getOrDefault(one.getKey(), 0L);
        long now = earlier + one.getValue();
        BigDecimal dearest = month(one.getKey(), 1).multiply(new BigDecimal(one.getValue()));
        sum = sum.add(month(one.getKey(), now)).subtract(month(one.getKey(), earlier));
        sum = sum.subtract(dearest);
        before.put(one.getKey(), now);
      }
      counted.clear();
      return sum;
    }

    /** What so many tokens of a month cost, in pico: the price list above, token by token. */
    private static BigDecimal month(String key, long tokens) {
      BigDecimal half = new BigDecimal(key.contains("batch") ? "0.5" : "1");
      BigDecimal sum = BigDecimal.ZERO;
      for (long token = 0; token < tokens; token++) {
        boolean first = key.startsWith("beta") ? token < 300 : tokens <= 200;
        String price = key.startsWith("beta") ? (first ? "1" : "0.7") : first ? "0.5" : "0.4";
        sum = sum.add(new BigDecimal(price).movePointRight(6).multiply(half));
      }
      return sum;
    }

    private boolean covered(UsageRecord usage, long pico) {
      for (BoundCommitment one : ordered) {
        long tokens =
            switch (one.commitment().terms()) {
              case CommitmentTerms.FreeTokens free -> free.tokens();
              case CommitmentTerms.Reservation reserved -> reserved.tokens();
              case CommitmentTerms.SavingsPlan _ -> 0;
            };
        String place = place(one, usage.at());
        BigDecimal before = used.getOrDefault(place, BigDecimal.ZERO);
        if (holds(one, usage) && before.compareTo(new BigDecimal(tokens)) < 0) {
          used.put(place, before.add(BigDecimal.ONE));
          given.merge(one.commitment().id(), new BigDecimal(pico), BigDecimal::add);
          return true;
        }
      }
      return false;
    }

    private static boolean holds(BoundCommitment one, UsageRecord usage) {
      Commitment of = one.commitment();
      String sku = of.sku();
      boolean model =
          sku.endsWith("*")
              ? usage.model().startsWith(sku.substring(0, sku.length() - 1))
              : usage.model().equals(sku);
      return model
          && usage.at().compareTo(of.from()) >= 0
          && (of.until() == null || usage.at().compareTo(of.until()) < 0);
    }

    private static String place(BoundCommitment one, Instant at) {
      ZonedDateTime local = at.atZone(ZoneId.of(TestCommitments.ZONE));
      return one.commitment().id()
          + (one.commitment().period() == CommitmentPeriod.MONTH
              ? " " + local.getYear() + "-" + local.getMonthValue()
              : " " + at.truncatedTo(ChronoUnit.HOURS));
    }

    /** Fees less what was given back since the last invoice. */
    BigDecimal invoiced(BoundCommitment one, Terms.UsageRange range) {
      Commitment of = one.commitment();
      BigDecimal back = given.getOrDefault(of.id(), BigDecimal.ZERO);
      given.remove(of.id());
      BigDecimal fee = new BigDecimal(of.terms().feeNano()).multiply(new BigDecimal(1_000));
      BigDecimal fees = BigDecimal.ZERO;
      Instant begin = of.from();
      while (begin.isBefore(range.until()) && (of.until() == null || begin.isBefore(of.until()))) {
        fees = begin.isBefore(range.previousUntil()) ? fees : fees.add(fee);
        ZonedDateTime local = begin.atZone(ZoneId.of(TestCommitments.ZONE));
        begin =
            (of.period() == CommitmentPeriod.MONTH ? local.plusMonths(1) : local.plusHours(1))
                .toInstant();
      }
      return fees.subtract(back);
    }
  }
}
