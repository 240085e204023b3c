package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.money.Rounding;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.tenancy.Actor;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes invoices of what the database has, for the first time or again. */
final class Issuing {
  private final RateCards cards;
  private final Actor actor;

  Issuing(RateCards cards, Actor actor) {
    this.cards = cards;
    this.actor = actor;
  }

  StoredInvoice issue(Connection connection, long orgId, @Nullable Instant until)
      throws SQLException {
    PartySql.Org org = PartySql.org(connection, orgId);
    Instant now = InvoiceSql.now(connection);
    Instant end = until == null ? monthStart(org, now) : until.truncatedTo(ChronoUnit.MICROS);
    if (end.isAfter(now)) {
      throw new InvoiceException(
          "An invoice up to " + end + " must wait until then: it is " + now + ".");
    }
    @Nullable StoredInvoice previous = InvoiceRows.last(connection, orgId, null).orElse(null);
    Terms.UsageRange before =
        previous == null ? null : Objects.requireNonNull(previous.invoice().terms().range());
    Instant start = before == null ? monthStart(org, org.createdAt()) : before.until();
    if (!start.isBefore(end)) {
      throw new InvoiceException(
          before == null
              ? org.name()
                  + " can have used nothing before "
                  + start
                  + ", so none up to "
                  + end
                  + "."
              : org.name()
                  + " has an invoice up to "
                  + start
                  + " already, so none up to "
                  + end
                  + ".");
    }
    Terms.UsageRange range =
        new Terms.UsageRange(
            start, before == null ? 0 : before.seq(), end, UsageSql.headSeq(connection, orgId));
    UsageSum sum = sum(connection, orgId, range);
    if (sum.groups().isEmpty()) {
      throw new InvoiceException(
          org.name() + " used nothing that has a price before " + end + ": nothing to invoice.");
    }
    Party buyer = PartySql.party(connection, orgId);
    String series = "INV-" + now.atOffset(ZoneOffset.UTC).getYear();
    long number = InvoiceRows.nextNumber(connection, series);
    Terms terms =
        new Terms(
            InvoiceRows.number(series, number),
            orgId,
            org.name(),
            PartySql.party(connection, InvoiceStore.SELLER),
            buyer,
            org.currency(),
            now,
            period(org.zone(), start, end),
            org.prepaid(),
            range,
            PartySql.taxRates(connection, buyer.jurisdiction(), end.minus(1, ChronoUnit.MICROS)),
            monthsBefore(connection, orgId),
            null,
            InvoiceMaker.ENGINE_VERSION);
    Invoice invoice = InvoiceMaker.invoice(terms, sum, creditMinor(connection, terms, range));
    StoredInvoice stored = InvoiceRows.insert(connection, series, number, invoice);
    Books.post(
        connection,
        orgId,
        "invoice",
        terms.number(),
        InvoicePosting.invoice(invoice, sum.chargedNano()));
    InvoiceRows.audit(connection, actor, "invoice.issue", stored);
    return stored;
  }

  Invoice again(Connection connection, StoredInvoice stored) throws SQLException {
    Terms terms = stored.invoice().terms();
    if (terms.credit() != null) {
      return InvoiceMaker.creditNote(
          terms, InvoiceRows.find(connection, terms.credit().invoice()).bodySha256());
    }
    Terms.UsageRange range = Objects.requireNonNull(terms.range());
    InvoiceRows.last(connection, terms.orgId(), range.previousUntil())
        .ifPresent(previous -> {
          Terms.UsageRange before = Objects.requireNonNull(previous.invoice().terms().range());
          if (before.seq() != range.previousSeq()
              || !before.until().equals(range.previousUntil())) {
            throw new InvoiceException(
                terms.number() + " does not begin where the invoice before it ends.");
          }
        });
    return InvoiceMaker.invoice(
        terms, sum(connection, terms.orgId(), range), creditMinor(connection, terms, range));
  }

  private static Instant monthStart(PartySql.Org org, Instant at) {
    return YearMonth.from(at.atZone(org.zone())).atDay(1).atStartOfDay(org.zone()).toInstant();
  }

  /** {@code 2026-11-01 to 2026-11-30} where it is whole days, else with its instants. */
  private static String period(ZoneId zone, Instant start, Instant end) {
    ZonedDateTime from = start.atZone(zone);
    ZonedDateTime until = end.atZone(zone);
    boolean days =
        from.toLocalTime().equals(LocalTime.MIDNIGHT)
            && until.toLocalTime().equals(LocalTime.MIDNIGHT);
    return days
        ? from.toLocalDate() + " to " + until.toLocalDate().minusDays(1)
        : start + " to " + end;
  }

  private UsageSum sum(Connection connection, long orgId, Terms.UsageRange range)
      throws SQLException {
    UsageSum sum = new UsageSum(cards);
    UsageSql.usage(connection, orgId, range, sum::add);
    return sum;
  }

  /** Cut so that over all invoices nothing of the credit is lost between whole minor units. */
  private static BigInteger creditMinor(Connection connection, Terms terms, Terms.UsageRange range)
      throws SQLException {
    BigInteger unit = BigInteger.valueOf(terms.currency().nanosPerMinor());
    BigInteger after = UsageSql.creditUsed(connection, terms.orgId(), range.seq());
    BigInteger before = UsageSql.creditUsed(connection, terms.orgId(), range.previousSeq());
    return Rounding.floor(after, unit).subtract(Rounding.floor(before, unit));
  }

  /** What all invoices so far had of months whose prices go by what they used. */
  private static List<MonthUnits> monthsBefore(Connection connection, long orgId)
      throws SQLException {
    Map<String, MonthUnits> units = new HashMap<>();
    for (StoredInvoice stored :
        InvoiceRows.invoices(
            connection,
            "org_id = ? and credits is null and upper(period) > clock_timestamp() - interval '400 days'",
            orgId)) {
      for (MonthUnits month : stored.invoice().months()) {
        units.merge(
            month.month() + " " + month.price(),
            month,
            (one, other) ->
                new MonthUnits(
                    one.month(), one.price(), Math.addExact(one.units(), other.units())));
      }
    }
    return units.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }
}
