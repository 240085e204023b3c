package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.prices.CompiledCard;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.MonthlyPrice;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.SkuPrices;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Why a line is what it is: goes through the requests of its invoice as who made it did, and tells
 * of each what it adds to the line.
 */
final class Reasons {
  private final RateCards cards;
  private final InvoiceLine line;
  private final Coverage coverage;
  private final Map<String, String> books;
  private final Consumer<InvoiceStore.Reason> each;

  /**
   * @param books name and version of published price books, by hash
   */
  Reasons(
      RateCards cards,
      Invoice invoice,
      InvoiceLine line,
      Map<String, String> books,
      Consumer<InvoiceStore.Reason> each) {
    this.cards = cards;
    this.line = line;
    this.coverage = Issuing.coverage(invoice.terms());
    this.books = books;
    this.each = each;
  }

  void add(UsageRecord usage) {
    if (!(cards.cited(usage.rateCardId()) instanceof CompiledCard card)) {
      return; // without prices it is on no line
    }
    Rates.Tier tier = RequestRating.rates(card, usage).tierOf(usage.tokens().inputLength());
    List<UsageSum.Counted> counted = new ArrayList<>(UsageSum.counted(usage.tokens(), tier));
    List<UsageSum.Counted> charged = List.copyOf(counted);
    List<Coverage.Part> parts =
        coverage.cover(
            usage.model(), usage.at(), counted, RequestRating.monthlyMeters(card, usage));
    if (line.book().startsWith(InvoiceMaker.COMMITMENT)) {
      parts.stream()
          .filter(part -> line.meter().equals(InvoiceMaker.coverName(part.by().commitment())))
          .filter(part -> line.book().equals(InvoiceMaker.bookName(part.by().commitment())))
          .forEach(part -> tell(usage, card, part.units(), part.pricePico(), part.pico().negate()));
    } else if (card.body().bookSha256().equals(line.bookSha256())) {
      usage(usage, card, charged);
      monthly(usage, card, RequestRating.left(counted));
    }
  }

  private void usage(UsageRecord usage, RateCard card, List<UsageSum.Counted> charged) {
    if (!usage.model().equals(line.model())
        || !usage.serviceClass().text().equals(line.serviceClass())) {
      return;
    }
    for (UsageSum.Counted counted : charged) {
      if (counted.units() > 0
          && counted.meter().text().equals(line.meter())
          && counted.pico() == line.pricePico()) {
        tell(usage, card, counted.units(), counted.pico(), times(counted.units(), counted.pico()));
      }
    }
  }

  /** What the request was charged for units whose price the month decides. */
  private void monthly(UsageRecord usage, CompiledCard card, MeteredTokens left) {
    SkuPrices prices = card.prices(usage.model(), usage.serviceClass());
    if (prices == null
        || !prices.sku().equals(line.model())
        || !prices.serviceClass().text().equals(line.serviceClass())) {
      return;
    }
    for (MonthlyPrice monthly : prices.monthly()) {
      long units = RequestRating.units(monthly.meter(), left);
      if (units > 0
          && line.meter().equals(InvoiceMaker.monthlyName(monthly, card.month(usage.at())))) {
        tell(usage, card, units, monthly.dearestPico(), times(units, monthly.dearestPico()));
      }
    }
  }

  private static BigInteger times(long units, long pico) {
    return BigInteger.valueOf(units).multiply(BigInteger.valueOf(pico));
  }

  private void tell(
      UsageRecord usage, RateCard card, long units, long pricePico, BigInteger exactPico) {
    CompiledCard compiled = (CompiledCard) card;
    String sha256 = compiled.body().bookSha256();
    each.accept(
        new InvoiceStore.Reason(
            usage,
            units,
            pricePico,
            exactPico,
            card.sha256(),
            books.getOrDefault(sha256, compiled.body().bookName())));
  }

  /** The line's story in a sentence or two. */
  static String story(Invoice invoice, InvoiceLine line) {
    Terms terms = invoice.terms();
    if (terms.credit() != null) {
      return "Given back of " + terms.credit().invoice() + ": " + terms.credit().reason() + ".";
    }
    if (line.book().startsWith(InvoiceMaker.COMMITMENT)) {
      return terms.commitments().stream()
          .filter(one -> line.book().equals(InvoiceMaker.bookName(one.commitment())))
          .findFirst()
          .map(one -> commitment(invoice, line, one))
          .orElse("");
    }
    if (line.meter().equals(InvoiceMaker.LATE)) {
      return "Requests that came to the ledger when what was held for them was given back already:"
          + " the operator's loss.";
    }
    if (line.pricePico() == 0 && line.exactPico().signum() != 0) {
      return "What the month's price comes to for these units, less what their requests were charged"
          + " at the dearest tier, which follows.";
    }
    return "Units times the price of one, of each request that follows.";
  }

  private static String commitment(Invoice invoice, InvoiceLine line, BoundCommitment one) {
    StringBuilder story = new StringBuilder(one.commitment().text()).append('.');
    if (!line.meter().equals(InvoiceMaker.coverName(one.commitment()))
        || line.exactPico().signum() > 0) {
      return story
          .append(" Its fee for each of ")
          .append(line.quantity())
          .append(" periods that begin in the time of this invoice.")
          .toString();
    }
    story.append(" Covered in each period, of ").append(one.commitment().terms().capacity());
    story.append(':');
    for (CoveredUnits units : invoice.covered()) {
      if (units.commitment() == one.commitment().id()) {
        BigInteger before =
            invoice.terms().covered().stream()
                .filter(earlier ->
                    earlier.commitment() == units.commitment()
                        && earlier.begin().equals(units.begin()))
                .map(CoveredUnits::units)
                .reduce(BigInteger.ZERO, BigInteger::add);
        story.append(' ').append(units.begin()).append(' ').append(units.units());
        if (before.signum() > 0) {
          story.append(" (earlier invoices had ").append(before).append(')');
        }
        story.append(';');
      }
    }
    story.setCharAt(story.length() - 1, '.');
    return story.toString();
  }
}
