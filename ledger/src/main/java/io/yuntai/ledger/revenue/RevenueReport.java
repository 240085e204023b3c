package io.yuntai.ledger.revenue;

import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was earned.
 *
 * @param rows by period, and within one by name
 * @param totals one for each period; a period's rows add up to its {@code usage} and {@code
 *     adjustments}
 * @param rates that were used
 */
public record RevenueReport(
    IsoCurrency currency, List<Row> rows, List<Total> totals, List<UsedRate> rates) {
  /** What stands for a model or product where invoices adjust usage: commitments and tiers. */
  public static final String ADJUSTMENTS = "(commitments and tiers)";

  /** Copies the lists. */
  public RevenueReport {
    rows = List.copyOf(rows);
    totals = List.copyOf(totals);
    rates = List.copyOf(rates);
  }

  /**
   * What a model, product or tenant earned in a period.
   *
   * @param growth on the period before
   * @param yearGrowth on the same period of the year before
   */
  public record Row(
      String period,
      String name,
      BigInteger requests,
      BigInteger tokens,
      BigInteger nano,
      Growth growth,
      Growth yearGrowth) {}

  /**
   * What a period earned altogether.
   *
   * @param usage requests at their prices
   * @param adjustments of invoices: fees of commitments, less what they and prices by the month
   *     give back
   * @param promotions given away of it, below 0
   * @param losses nobody can be charged for, below 0
   * @param credits given back by credit notes, below 0
   * @param rounding to whole coins
   * @param breakage credit that was paid for and expired
   * @param deferred credit that is paid for and not used when the period ends: a liability
   * @param growth of the net revenue
   */
  public record Total(
      String period,
      BigInteger usage,
      BigInteger adjustments,
      BigInteger promotions,
      BigInteger losses,
      BigInteger credits,
      BigInteger rounding,
      BigInteger breakage,
      BigInteger deferred,
      Growth growth,
      Growth yearGrowth) {
    /** What is left: the sum of all but what is deferred. */
    public BigInteger net() {
      return usage
          .add(adjustments)
          .add(promotions)
          .add(losses)
          .add(credits)
          .add(rounding)
          .add(breakage);
    }
  }

  /** How an amount compares with an earlier one. */
  public record Growth(BigInteger before, BigInteger now) {
    /** In percent with one decimal; null where there was nothing before. */
    public @Nullable BigDecimal percent() {
      return before.signum() == 0
          ? null
          : new BigDecimal(now.subtract(before))
              .movePointRight(2)
              .divide(new BigDecimal(before.abs()), 1, RoundingMode.HALF_EVEN);
    }
  }

  /**
   * An exchange rate.
   *
   * @param month whose amounts it converted
   * @param id of its row in {@code fx_rate}
   * @param rate what one unit of {@code from} is worth
   */
  public record UsedRate(
      YearMonth month, IsoCurrency from, long id, LocalDate asOf, String source, Ratio rate) {}

  /** Nano as a number with its decimals, at least those of the currency's smallest coin. */
  public String amount(BigInteger nano) {
    BigDecimal exact = new BigDecimal(nano, 9).stripTrailingZeros();
    return exact.setScale(Math.max(exact.scale(), currency.minorDigits())).toPlainString();
  }
}
