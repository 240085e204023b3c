package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What usage would have cost at other prices. What prices by the month give back is left out. */
public final class Simulation {
  private static final BigInteger PICOS_PER_NANO = BigInteger.valueOf(1_000);

  private Simulation() {}

  /**
   * What a model's requests cost.
   *
   * @param unpriced how many of them the other prices have no price for
   * @param chargedPico what was charged
   * @param supposedPico what would have been
   */
  public record Line(
      String model, long requests, long unpriced, BigInteger chargedPico, BigInteger supposedPico) {
    private Line plus(Charge charged, Optional<Charge> supposed) {
      return new Line(
          model,
          requests + 1,
          unpriced + (supposed.isEmpty() ? 1 : 0),
          chargedPico.add(pico(charged)),
          supposed.map(charge -> supposedPico.add(pico(charge))).orElse(supposedPico));
    }
  }

  /** Rates an organisation's requests of a time again, by model. */
  public static List<Line> run(
      DataSource database, long orgId, Instant from, Instant until, RateCards prices) {
    Terms.UsageRange range = new Terms.UsageRange(from, Long.MAX_VALUE, until, Long.MAX_VALUE);
    Map<String, Line> lines = new TreeMap<>();
    InvoiceSql.<Integer>transaction(
        database,
        "read usage",
        connection -> {
          UsageSql.usage(connection, orgId, range, usage -> add(lines, usage, prices));
          return 0;
        });
    return List.copyOf(lines.values());
  }

  private static void add(Map<String, Line> lines, UsageRecord usage, RateCards prices) {
    Optional<Rates> rates =
        prices
            .current(usage.orgId(), usage.at())
            .rates(usage.model(), usage.serviceClass(), usage.at());
    Charge charged = new Charge(usage.amountNano(), usage.residuePico());
    Line before =
        lines.getOrDefault(
            usage.model(), new Line(usage.model(), 0, 0, BigInteger.ZERO, BigInteger.ZERO));
    lines.put(usage.model(), before.plus(charged, rates.map(each -> each.charge(usage.tokens()))));
  }

  private static BigInteger pico(Charge charge) {
    return BigInteger.valueOf(charge.amountNano())
        .multiply(PICOS_PER_NANO)
        .add(BigInteger.valueOf(charge.residuePico()));
  }
}
