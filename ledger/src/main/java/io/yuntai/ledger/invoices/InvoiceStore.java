package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.Rounding;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Invoices in the database. Safe for use by many threads. */
public final class InvoiceStore {
  /** Whoever runs this server, and sells. */
  private static final long SELLER = 1;

  private final DataSource database;
  private final RateCards cards;
  private final Actor actor;

  /**
   * @param actor who makes changes, for the audit log
   */
  public InvoiceStore(DataSource database, RateCards cards, Actor actor) {
    this.database = database;
    this.cards = cards;
    this.actor = actor;
  }

  /** Says who an organisation is on the invoices to come; organisation 1 is the seller. */
  public void party(long orgId, Party party) {
    InvoiceSql.<Integer>transaction(
        database,
        "keep who is on invoices",
        connection -> {
          InvoiceSql.org(connection, orgId);
          Party before = InvoiceSql.party(connection, orgId);
          InvoiceSql.keepParty(connection, orgId, party);
          AuditLog.write(connection, orgId, actor, "party.change", "party:" + orgId, before, party);
          return 0;
        });
  }

  /** Who an organisation is on invoices. */
  public Party party(long orgId) {
    return InvoiceSql.transaction(
        database, "read who is on invoices", connection -> InvoiceSql.party(connection, orgId));
  }

  /**
   * Says what tax buyers of a jurisdiction pay from an instant on, in place of what the tax of this
   * name was.
   */
  public void taxRate(String jurisdiction, TaxRate tax, Instant from) {
    if (tax.rate().num().compareTo(tax.rate().den()) > 0) {
      throw new InvoiceException("A tax of " + tax.rate().percent() + " is absurd: at most 100%.");
    }
    if (jurisdiction.isBlank() || tax.name().isBlank()) {
      throw new InvoiceException("A tax needs a name and a jurisdiction.");
    }
    InvoiceSql.<Integer>transaction(
        database,
        "keep the tax",
        connection -> {
          InvoiceSql.keepTaxRate(connection, jurisdiction, tax, from);
          AuditLog.write(
              connection,
              SELLER,
              actor,
              "tax.change",
              "tax:" + jurisdiction,
              null,
              tax + " " + from);
          return 0;
        });
  }

  /**
   * Issues an invoice for what an organisation used before an instant and no invoice has had yet.
   *
   * @param until null for the beginning of this month in the organisation's time zone
   * @throws InvoiceException when there is nothing to invoice, the instant is still to come, or a
   *     request's amount is not that of its prices
   */
  public StoredInvoice issue(long orgId, @Nullable Instant until) {
    return InvoiceSql.transaction(
        database, "issue the invoice", connection -> issue(connection, orgId, until));
  }

  private StoredInvoice issue(Connection connection, long orgId, @Nullable Instant until)
      throws SQLException {
    InvoiceSql.Org org = InvoiceSql.org(connection, orgId);
    Instant now = InvoiceSql.now(connection);
    Instant end = until == null ? monthStart(org, now) : until.truncatedTo(ChronoUnit.MICROS);
    if (end.isAfter(now)) {
      throw new InvoiceException(
          "An invoice up to " + end + " must wait until then: it is " + now + ".");
    }
    @Nullable StoredInvoice previous = InvoiceSql.last(connection, orgId, null).orElse(null);
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
            start, before == null ? 0 : before.seq(), end, InvoiceSql.headSeq(connection, orgId));
    UsageSum sum = sum(connection, orgId, range);
    if (sum.groups().isEmpty()) {
      throw new InvoiceException(
          org.name() + " used nothing that has a price before " + end + ": nothing to invoice.");
    }
    Party buyer = InvoiceSql.party(connection, orgId);
    String series = "INV-" + now.atOffset(ZoneOffset.UTC).getYear();
    long number = InvoiceSql.nextNumber(connection, series);
    Terms terms =
        new Terms(
            InvoiceSql.number(series, number),
            orgId,
            org.name(),
            InvoiceSql.party(connection, SELLER),
            buyer,
            org.currency(),
            now,
            period(org.zone(), start, end),
            org.prepaid(),
            range,
            InvoiceSql.taxRates(connection, buyer.jurisdiction(), end.minus(1, ChronoUnit.MICROS)),
            monthsBefore(connection, orgId),
            null,
            InvoiceMaker.ENGINE_VERSION);
    Invoice invoice = InvoiceMaker.invoice(terms, sum, creditMinor(connection, terms, range));
    StoredInvoice stored = InvoiceSql.insert(connection, series, number, invoice);
    Books.post(
        connection,
        orgId,
        "invoice",
        terms.number(),
        InvoicePosting.invoice(invoice, sum.chargedNano()));
    audit(connection, "invoice.issue", stored);
    return stored;
  }

  private static Instant monthStart(InvoiceSql.Org org, Instant at) {
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
    InvoiceSql.usage(connection, orgId, range, sum::add);
    return sum;
  }

  /** Cut so that over all invoices nothing of the credit is lost between whole minor units. */
  private static BigInteger creditMinor(Connection connection, Terms terms, Terms.UsageRange range)
      throws SQLException {
    BigInteger unit = BigInteger.valueOf(terms.currency().nanosPerMinor());
    BigInteger after = InvoiceSql.creditUsed(connection, terms.orgId(), range.seq());
    BigInteger before = InvoiceSql.creditUsed(connection, terms.orgId(), range.previousSeq());
    return Rounding.floor(after, unit).subtract(Rounding.floor(before, unit));
  }

  /** What all invoices so far had of months whose prices go by what they used. */
  private static List<MonthUnits> monthsBefore(Connection connection, long orgId)
      throws SQLException {
    Map<String, MonthUnits> units = new HashMap<>();
    for (StoredInvoice stored :
        InvoiceSql.invoices(
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

  /**
   * Issues a credit note: gives back a part of an invoice, or what is left of it.
   *
   * @param net without tax; null for all that earlier notes have left
   * @param reason as it stands on the note
   * @throws InvoiceException when there is no such invoice, or not as much is left of it
   */
  public StoredInvoice credit(String invoiceNumber, @Nullable Money net, String reason) {
    return InvoiceSql.transaction(
        database,
        "issue the credit note",
        connection -> credit(connection, invoiceNumber, net, reason));
  }

  private StoredInvoice credit(
      Connection connection, String invoiceNumber, @Nullable Money net, String reason)
      throws SQLException {
    StoredInvoice credited = find(connection, invoiceNumber);
    Terms of = credited.invoice().terms();
    if (of.credit() != null) {
      throw new InvoiceException(invoiceNumber + " is a credit note itself.");
    }
    if (reason.isBlank() || reason.length() > 120) {
      throw new InvoiceException("A credit note needs a reason of at most 120 letters.");
    }
    InvoiceSql.lockOrg(connection, of.orgId());
    BigInteger before =
        InvoiceSql.invoices(connection, "credits = ?", invoiceNumber).stream()
            .map(note -> note.invoice().netMinor().negate())
            .reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger left = credited.invoice().netMinor().subtract(before);
    BigInteger given = net == null ? left : minor(net, credited.invoice());
    if (given.signum() <= 0 || given.compareTo(left) > 0) {
      throw new InvoiceException(
          "Of invoice "
              + invoiceNumber
              + " there is "
              + credited.invoice().amount(left)
              + " left to give back, so not "
              + credited.invoice().amount(given)
              + ".");
    }
    Instant now = InvoiceSql.now(connection);
    String series = "CN-" + now.atOffset(ZoneOffset.UTC).getYear();
    long number = InvoiceSql.nextNumber(connection, series);
    Terms terms =
        new Terms(
            InvoiceSql.number(series, number),
            of.orgId(),
            of.orgName(),
            of.seller(),
            of.buyer(),
            of.currency(),
            now,
            of.period(),
            false,
            null,
            of.taxes(),
            List.of(),
            new Terms.Credit(invoiceNumber, reason, given, before),
            InvoiceMaker.ENGINE_VERSION);
    Invoice note = InvoiceMaker.creditNote(terms, credited.bodySha256());
    StoredInvoice stored = InvoiceSql.insert(connection, series, number, note);
    Books.post(
        connection, of.orgId(), "credit-note", terms.number(), InvoicePosting.creditNote(note));
    audit(connection, "invoice.credit", stored);
    return stored;
  }

  private void audit(Connection connection, String action, StoredInvoice stored)
      throws SQLException {
    Terms terms = stored.invoice().terms();
    AuditLog.write(
        connection,
        terms.orgId(),
        actor,
        action,
        "invoice:" + terms.number(),
        null,
        "body_sha256 " + stored.bodySha256());
  }

  private static BigInteger minor(Money net, Invoice invoice) {
    long unit = invoice.terms().currency().nanosPerMinor();
    if (!net.currency().equals(invoice.terms().currency()) || net.nano() % unit != 0) {
      throw new InvoiceException(
          "A credit note for "
              + invoice.terms().number()
              + " is in whole units of "
              + invoice.terms().currency()
              + "; "
              + net
              + " is not.");
    }
    return BigInteger.valueOf(net.nano() / unit);
  }

  /** Invoices and credit notes of an organisation, or of all for null, the oldest first. */
  public List<StoredInvoice> list(@Nullable Long orgId) {
    return InvoiceSql.transaction(
        database,
        "list the invoices",
        connection ->
            orgId == null
                ? InvoiceSql.invoices(connection, "true")
                : InvoiceSql.invoices(connection, "org_id = ?", orgId));
  }

  /**
   * An invoice or credit note.
   *
   * @throws InvoiceException when there is none
   */
  public StoredInvoice find(String number) {
    return InvoiceSql.transaction(
        database, "read the invoice", connection -> find(connection, number));
  }

  private static StoredInvoice find(Connection connection, String number) throws SQLException {
    return InvoiceSql.invoices(connection, "number = ?", number).stream()
        .findFirst()
        .orElseThrow(() ->
            new InvoiceException(
                "There is no invoice " + number + "; 'yuntai invoices list' shows all."));
  }

  /** Makes an invoice again from its rows and prices, and compares all of it. */
  public InvoiceVerdict verify(String number) {
    return InvoiceSql.transaction(
        database,
        "verify the invoice",
        connection -> {
          StoredInvoice stored = find(connection, number);
          try {
            return InvoiceVerdict.compare(stored, InvoiceBody.write(again(connection, stored)));
          } catch (InvoiceException wrong) {
            return new InvoiceVerdict(number, false, String.valueOf(wrong.getMessage()));
          }
        });
  }

  private Invoice again(Connection connection, StoredInvoice stored) throws SQLException {
    Terms terms = stored.invoice().terms();
    if (terms.credit() != null) {
      return InvoiceMaker.creditNote(
          terms, find(connection, terms.credit().invoice()).bodySha256());
    }
    Terms.UsageRange range = Objects.requireNonNull(terms.range());
    InvoiceSql.last(connection, terms.orgId(), range.previousUntil())
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

  /** Numbers that are missing in a series; empty when all invoices are there. */
  public List<String> gaps() {
    return InvoiceSql.transaction(database, "look for gaps", InvoiceSql::gaps);
  }

  /** A request behind a line. */
  public record Reason(UsageRecord usage, long units, long pricePico, String cardSha256) {}

  /** Tells why a line is what it is: each request in it, by id. */
  public void why(String number, int line, Consumer<Reason> each) {
    InvoiceSql.<Integer>transaction(
        database,
        "read the requests of a line",
        connection -> {
          Invoice invoice = find(connection, number).invoice();
          if (line < 1 || line > invoice.lines().size() || invoice.terms().range() == null) {
            throw new InvoiceException(number + " has no line " + line + " of requests.");
          }
          InvoiceLine wanted = invoice.lines().get(line - 1);
          InvoiceSql.usage(
              connection,
              invoice.terms().orgId(),
              invoice.terms().range(),
              usage -> reasons(usage, wanted).forEach(each));
          return 0;
        });
  }

  private List<Reason> reasons(UsageRecord usage, InvoiceLine line) {
    if (!usage.model().equals(line.model())
        || !usage.serviceClass().text().equals(line.serviceClass())) {
      return List.of();
    }
    RateCard card = cards.cited(usage.rateCardId());
    MeteredTokens tokens = usage.tokens();
    Rates.Tier tier =
        card.rates(usage.model(), usage.serviceClass(), usage.at())
            .orElseThrow()
            .tierOf(tokens.inputLength());
    List<Reason> reasons = new ArrayList<>();
    for (UsageSum.Counted counted : UsageSum.counted(tokens, tier)) {
      if (counted.units() > 0
          && counted.meter().text().equals(line.meter())
          && counted.pico() == line.pricePico()) {
        reasons.add(new Reason(usage, counted.units(), counted.pico(), card.sha256()));
      }
    }
    return reasons;
  }
}
