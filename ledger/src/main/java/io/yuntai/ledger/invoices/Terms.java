package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.IsoCurrency;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All of an invoice that does not follow from usage: whatever is decided when it is issued.
 *
 * @param number unique, without gaps in its series
 * @param period the time it is for, as shown
 * @param prepaid whether the organisation's credit has paid it
 * @param range which usage it is for; null for a credit note
 * @param before what earlier invoices had of the same months
 * @param commitments that apply to its usage or time, by id
 * @param covered what earlier invoices had of the same periods of theirs
 * @param credit what it gives back; null for an invoice
 * @param engineVersion of the program that issued it
 */
public record Terms(
    String number,
    long orgId,
    String orgName,
    Party seller,
    Party buyer,
    IsoCurrency currency,
    Instant issuedAt,
    String period,
    boolean prepaid,
    @Nullable UsageRange range,
    List<TaxRate> taxes,
    List<MonthUnits> before,
    List<BoundCommitment> commitments,
    List<CoveredUnits> covered,
    @Nullable Credit credit,
    int engineVersion) {
  public Terms {
    taxes = List.copyOf(taxes);
    before = List.copyOf(before);
    commitments = List.copyOf(commitments);
    covered = List.copyOf(covered);
  }

  /**
   * Usage that was authorised before {@code until} and settled up to the entry {@code seq}, less
   * what the invoice before had: that before {@code previousUntil} and up to {@code previousSeq}.
   * Since both only grow, every row is open or in exactly one invoice.
   */
  public record UsageRange(Instant previousUntil, long previousSeq, Instant until, long seq) {
    public UsageRange {
      if (until.isBefore(previousUntil) || seq < previousSeq) {
        throw new IllegalArgumentException("an invoice before its predecessor");
      }
    }
  }

  /**
   * What a credit note gives back of an invoice.
   *
   * @param netMinor without tax, above 0
   * @param beforeMinor what earlier notes gave back of the same invoice
   */
  public record Credit(
      String invoice, String reason, BigInteger netMinor, BigInteger beforeMinor) {}
}
