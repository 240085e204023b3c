package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.money.Rounding;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentStore;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.LocalClock;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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
    CommitmentStore.lock(connection, orgId);
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
    EarlierInvoices earlier = EarlierInvoices.before(connection, orgId, start);
    List<BoundCommitment> commitments = commitments(connection, orgId, range);
    UsageSum sum = sum(connection, orgId, range, new Coverage(commitments, earlier.covered()));
    List<BoundCommitment> applied =
        commitments.stream()
            .filter(one ->
                one.fees(range) > 0 || sum.coverage().pico(one.commitment().id()).signum() > 0)
            .toList();
    if (sum.groups().isEmpty() && applied.stream().allMatch(Issuing::free)) {
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
            earlier.months(),
            applied,
            earlier.coveredWhere(sum.coverage().added()),
            null,
            InvoiceMaker.ENGINE_VERSION);
    BigInteger lost = lost(connection, terms, range);
    Invoice invoice = InvoiceMaker.invoice(terms, sum, creditMinor(connection, terms, range), lost);
    StoredInvoice stored = InvoiceRows.insert(connection, series, number, invoice);
    Books.post(
        connection,
        orgId,
        "invoice",
        terms.number(),
        InvoicePosting.invoice(invoice, sum.chargedNano(), lost));
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
    requireAsAgreed(connection, terms);
    if (!terms.covered().isEmpty()) {
      EarlierInvoices earlier =
          EarlierInvoices.before(connection, terms.orgId(), range.previousUntil());
      if (!earlier.covered().containsAll(terms.covered())) {
        throw new InvoiceException(
            terms.number() + " does not go on where earlier invoices left its commitments.");
      }
    }
    return InvoiceMaker.invoice(
        terms,
        sum(connection, terms.orgId(), range, coverage(terms)),
        creditMinor(connection, terms, range),
        lost(connection, terms, range));
  }

  /** The commitments of an invoice, where the one before left them. */
  static Coverage coverage(Terms terms) {
    return new Coverage(terms.commitments(), terms.covered());
  }

  private static void requireAsAgreed(Connection connection, Terms terms) throws SQLException {
    if (terms.commitments().isEmpty()) {
      return;
    }
    Map<Long, String> agreed =
        CommitmentStore.of(connection, terms.orgId()).stream()
            .collect(Collectors.toMap(Commitment::id, Commitment::text));
    for (BoundCommitment one : terms.commitments()) {
      Commitment commitment = one.commitment();
      if (!commitment.text().equals(agreed.get(commitment.id()))) {
        throw new InvoiceException(
            "Commitment " + commitment.id() + " of " + terms.number() + " is not as agreed on.");
      }
    }
  }

  private static boolean free(BoundCommitment one) {
    return one.commitment().terms() instanceof CommitmentTerms.FreeTokens;
  }

  /** Those that may apply, with clocks that reach as far back as late requests can be. */
  private static List<BoundCommitment> commitments(
      Connection connection, long orgId, Terms.UsageRange range) throws SQLException {
    return CommitmentStore.of(connection, orgId).stream()
        .filter(one -> one.from().isBefore(range.until()))
        .map(one ->
            new BoundCommitment(
                one,
                LocalClock.of(
                    ZoneId.of(one.zone()),
                    range.previousUntil().minus(EarlierInvoices.REACH),
                    range.until().plus(EarlierInvoices.REACH))))
        .toList();
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

  private UsageSum sum(Connection connection, long orgId, Terms.UsageRange range, Coverage coverage)
      throws SQLException {
    UsageSum sum = new UsageSum(cards, coverage);
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

  private static BigInteger lost(Connection connection, Terms terms, Terms.UsageRange range)
      throws SQLException {
    return terms.prepaid()
        ? BigInteger.ZERO
        : UsageSql.lost(connection, terms.orgId(), range.seq())
            .subtract(UsageSql.lost(connection, terms.orgId(), range.previousSeq()));
  }
}
