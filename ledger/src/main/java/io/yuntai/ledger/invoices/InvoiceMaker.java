package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.LargestRemainder;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.Rounding;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.MonthlyPrice;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Makes invoices of terms and usage. The exact sum is rounded once to minor units, the lines by
 * largest remainder so that they add up to it, and each tax once on the whole.
 */
final class InvoiceMaker {
  /**
   * Of the way in which invoices are made and written; a later program still knows it. Version 2
   * takes off what settled too late, and applies commitments.
   */
  static final int ENGINE_VERSION = 2;

  /** What the meter of the line is called that takes off what settled too late. */
  static final String LATE = "settled too late, not charged";

  /** With which the price book of a line begins that a commitment has made. */
  static final String COMMITMENT = "commitment ";

  private InvoiceMaker() {}

  /** A line that is not rounded yet. */
  private record Draft(
      String model,
      String serviceClass,
      String meter,
      long quantity,
      long pricePico,
      String book,
      String bookSha256,
      BigInteger exactPico) {}

  /**
   * The invoice of what was used.
   *
   * @param creditMinor what credit paid of it, for an organisation that is not prepaid
   * @param lostNano what of it the ledger has as the operator's loss, for such an organisation
   */
  static Invoice invoice(Terms terms, UsageSum sum, BigInteger creditMinor, BigInteger lostNano) {
    List<Draft> drafts = new ArrayList<>();
    BigInteger charged = BigInteger.ZERO;
    for (Map.Entry<UsageSum.Group, Long> entry : sum.groups().entrySet()) {
      UsageSum.Group group = entry.getKey();
      BigInteger exact =
          BigInteger.valueOf(group.pricePico()).multiply(BigInteger.valueOf(entry.getValue()));
      charged = charged.add(exact);
      drafts.add(
          new Draft(
              group.model(),
              group.serviceClass(),
              group.meter().text(),
              entry.getValue(),
              group.pricePico(),
              group.book(),
              group.bookSha256(),
              exact));
    }
    if (!charged.equals(sum.exactPico())) {
      throw new InvoiceException(
          "The lines of invoice "
              + terms.number()
              + " come to "
              + charged
              + " pico, and its requests to "
              + sum.exactPico()
              + ".");
    }
    Map<String, Long> months = new TreeMap<>();
    drafts.addAll(monthly(terms, sum, months));
    drafts.addAll(committed(terms, sum.coverage()));
    if (terms.engineVersion() >= 2 && !terms.prepaid() && lostNano.signum() != 0) {
      BigInteger lost = lostNano.multiply(BigInteger.valueOf(Money.PICOS_PER_NANO)).negate();
      drafts.add(new Draft("*", "-", LATE, 1, 0, "-", "-", lost));
    }
    BigInteger exact =
        drafts.stream().map(Draft::exactPico).reduce(BigInteger.ZERO, BigInteger::add);
    List<InvoiceLine> lines = rounded(terms, drafts);
    BigInteger net =
        lines.stream().map(InvoiceLine::minor).reduce(BigInteger.ZERO, BigInteger::add);
    List<Invoice.Tax> taxes =
        terms.taxes().stream()
            .map(tax -> new Invoice.Tax(tax.name(), tax.rate(), tax.rate().halfEvenOf(net)))
            .toList();
    BigInteger total = total(net, taxes);
    return new Invoice(
        terms,
        sum.requests(),
        sum.inputsSha256(),
        lines,
        exact,
        net,
        taxes,
        total,
        terms.prepaid() ? Rounding.halfEven(charged, Invoice.picosPerMinor(terms)) : creditMinor,
        months.entrySet().stream()
            .map(entry -> {
              int space = entry.getKey().indexOf(' ');
              return new MonthUnits(
                  entry.getKey().substring(0, space),
                  entry.getKey().substring(space + 1),
                  entry.getValue());
            })
            .toList(),
        sum.coverage().added());
  }

  /** What commitments cost, and what they give back of what requests were charged. */
  private static List<Draft> committed(Terms terms, Coverage coverage) {
    List<Draft> drafts = new ArrayList<>();
    for (BoundCommitment one : terms.commitments()) {
      Commitment commitment = one.commitment();
      long fees = one.fees(Objects.requireNonNull(terms.range()));
      BigInteger fee =
          BigInteger.valueOf(commitment.terms().feeNano())
              .multiply(BigInteger.valueOf(fees))
              .multiply(BigInteger.valueOf(Money.PICOS_PER_NANO));
      if (fee.signum() > 0) {
        drafts.add(
            draft(
                commitment,
                feeName(commitment) + " by the " + commitment.period().text(),
                fees,
                fee));
      }
      BigInteger covered = coverage.pico(commitment.id());
      if (covered.signum() > 0) {
        List<BigInteger> units =
            coverage.added().stream()
                .filter(each -> each.commitment() == commitment.id())
                .map(CoveredUnits::units)
                .toList();
        boolean tokens = !(commitment.terms() instanceof CommitmentTerms.SavingsPlan);
        long quantity =
            tokens
                ? units.stream().reduce(BigInteger.ZERO, BigInteger::add).longValueExact()
                : units.size();
        drafts.add(draft(commitment, coverName(commitment), quantity, covered.negate()));
      }
    }
    return drafts;
  }

  private static Draft draft(
      Commitment commitment, String meter, long quantity, BigInteger exactPico) {
    return new Draft(
        commitment.sku(),
        "-",
        meter,
        quantity,
        0,
        bookName(commitment),
        commitment.sha256(),
        exactPico);
  }

  /** What stands for the price book on the lines of a commitment. */
  static String bookName(Commitment commitment) {
    return COMMITMENT + commitment.id();
  }

  private static String feeName(Commitment commitment) {
    return switch (commitment.terms()) {
      case CommitmentTerms.FreeTokens _ -> "free tokens";
      case CommitmentTerms.Reservation _ -> "reservation";
      case CommitmentTerms.SavingsPlan _ -> "savings plan";
    };
  }

  /** What the meter of the line is called that gives back what a commitment covers. */
  static String coverName(Commitment commitment) {
    return switch (commitment.terms()) {
      case CommitmentTerms.FreeTokens _ -> "free tokens";
      case CommitmentTerms.Reservation _ -> "reserved tokens";
      case CommitmentTerms.SavingsPlan _ -> "covered by savings plan";
    };
  }

  /** What prices by the month give back of what requests were charged, or add for late ones. */
  private static List<Draft> monthly(Terms terms, UsageSum sum, Map<String, Long> months) {
    Map<String, Long> position = new HashMap<>();
    terms
        .before()
        .forEach(before -> position.put(before.month() + " " + before.price(), before.units()));
    List<Draft> drafts = new ArrayList<>();
    for (Map.Entry<UsageSum.Monthly, Long> entry : sum.months().entrySet()) {
      UsageSum.Monthly key = entry.getKey();
      long units = entry.getValue();
      String place = key.month() + " " + key.price();
      long before = position.getOrDefault(place, 0L);
      BigInteger charged =
          BigInteger.valueOf(key.monthly().dearestPico()).multiply(BigInteger.valueOf(units));
      BigInteger difference = key.monthly().pico(before, units).subtract(charged);
      position.put(place, Math.addExact(before, units));
      months.merge(place, units, Math::addExact);
      if (difference.signum() != 0) {
        String[] words = key.price().split(" ");
        drafts.add(
            new Draft(
                words[0],
                words[1],
                monthlyName(key.monthly(), key.month()),
                units,
                0,
                key.card().body().bookName(),
                key.card().body().bookSha256(),
                difference));
      }
    }
    return drafts;
  }

  /** What the meter of the line is called that gives back what a month's price is below. */
  static String monthlyName(MonthlyPrice monthly, String month) {
    return monthly.rule().text() + " " + monthly.meter().text() + " of " + month;
  }

  private static List<InvoiceLine> rounded(Terms terms, List<Draft> drafts) {
    List<BigInteger> minor =
        LargestRemainder.round(
            drafts.stream().map(Draft::exactPico).toList(), Invoice.picosPerMinor(terms));
    List<InvoiceLine> lines = new ArrayList<>();
    for (int line = 0; line < drafts.size(); line++) {
      Draft draft = drafts.get(line);
      lines.add(
          new InvoiceLine(
              line + 1,
              draft.model(),
              draft.serviceClass(),
              draft.meter(),
              draft.quantity(),
              draft.pricePico(),
              draft.book(),
              draft.bookSha256(),
              draft.exactPico(),
              minor.get(line)));
    }
    return lines;
  }

  /**
   * A credit note. Its taxes are such that notes which give back an invoice's whole sum give back
   * its whole tax.
   *
   * @param invoiceSha256 of the body of the invoice that it is for
   */
  static Invoice creditNote(Terms terms, String invoiceSha256) {
    Terms.Credit credit = Objects.requireNonNull(terms.credit());
    BigInteger net = credit.netMinor().negate();
    BigInteger after = credit.beforeMinor().add(credit.netMinor());
    List<Invoice.Tax> taxes =
        terms.taxes().stream()
            .map(tax ->
                new Invoice.Tax(
                    tax.name(),
                    tax.rate(),
                    tax.rate()
                        .halfEvenOf(credit.beforeMinor())
                        .subtract(tax.rate().halfEvenOf(after))))
            .toList();
    BigInteger exact = net.multiply(Invoice.picosPerMinor(terms));
    InvoiceLine line =
        new InvoiceLine(1, credit.reason(), "-", "credit", 1, 0, "-", "-", exact, net);
    return new Invoice(
        terms,
        0,
        invoiceSha256,
        List.of(line),
        exact,
        net,
        taxes,
        total(net, taxes),
        BigInteger.ZERO,
        List.of(),
        List.of());
  }

  private static BigInteger total(BigInteger net, List<Invoice.Tax> taxes) {
    return taxes.stream().map(Invoice.Tax::minor).reduce(net, BigInteger::add);
  }
}
