package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.Ratio;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/**
 * An invoice, or a credit note when its terms say so: then its amounts are negative.
 *
 * @param requests how many requests it is for
 * @param inputsSha256 of their rows as the ledger hashes them, by request id; of the invoice's body
 *     for a credit note
 * @param exactPico the exact sum of all lines
 * @param netMinor the rounded one, the sum of the lines' amounts
 * @param taxes each computed once, on the whole
 * @param totalMinor what it comes to with taxes
 * @param paidMinor what credit has paid of it
 * @param months what it adds to months whose prices go by what they used
 * @param covered what commitments cover of it, by their periods
 */
public record Invoice(
    Terms terms,
    long requests,
    String inputsSha256,
    List<InvoiceLine> lines,
    BigInteger exactPico,
    BigInteger netMinor,
    List<Tax> taxes,
    BigInteger totalMinor,
    BigInteger paidMinor,
    List<MonthUnits> months,
    List<CoveredUnits> covered) {
  /** A tax and what it comes to. */
  public record Tax(String name, Ratio rate, BigInteger minor) {}

  public Invoice {
    lines = List.copyOf(lines);
    taxes = List.copyOf(taxes);
    months = List.copyOf(months);
    covered = List.copyOf(covered);
  }

  /** What is still to be paid. */
  public BigInteger dueMinor() {
    return totalMinor.subtract(paidMinor);
  }

  /** Minor units as a number with decimals: {@code 12.50}. */
  public String amount(BigInteger minor) {
    return new BigDecimal(minor, terms.currency().minorDigits()).toPlainString();
  }

  /** Pico as a number with as many decimals as it has. */
  public static String exact(BigInteger pico) {
    BigDecimal exact = new BigDecimal(pico, 12).stripTrailingZeros();
    return exact.setScale(Math.max(0, exact.scale())).toPlainString();
  }

  /** How many picos a minor unit has. */
  static BigInteger picosPerMinor(Terms terms) {
    return BigInteger.valueOf(terms.currency().nanosPerMinor())
        .multiply(BigInteger.valueOf(Money.PICOS_PER_NANO));
  }
}
