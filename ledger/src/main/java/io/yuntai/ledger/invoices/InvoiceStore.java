package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.retention.ArchiveException;
import io.yuntai.ledger.retention.ArchivedUsage;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Invoices in the database. Safe for use by many threads. */
public final class InvoiceStore {
  /** Whoever runs this server, and sells. */
  static final long SELLER = 1;

  private final DataSource database;
  private final RateCards cards;
  private final Actor actor;
  private final Issuing issuing;

  /**
   * @param actor who makes changes, for the audit log
   */
  public InvoiceStore(DataSource database, RateCards cards, Actor actor) {
    this.database = database;
    this.cards = cards;
    this.actor = actor;
    this.issuing = new Issuing(cards, actor);
  }

  /** Says who an organisation is on the invoices to come; organisation 1 is the seller. */
  public void party(long orgId, Party party) {
    InvoiceSql.<Integer>transaction(
        database,
        "keep who is on invoices",
        connection -> {
          PartySql.org(connection, orgId);
          Party before = PartySql.party(connection, orgId);
          PartySql.keepParty(connection, orgId, party);
          AuditLog.write(connection, orgId, actor, "party.change", "party:" + orgId, before, party);
          return 0;
        });
  }

  /** Who an organisation is on invoices. */
  public Party party(long orgId) {
    return InvoiceSql.transaction(
        database, "read who is on invoices", connection -> PartySql.party(connection, orgId));
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
          PartySql.keepTaxRate(connection, jurisdiction, tax, from);
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
        database, "issue the invoice", connection -> issuing.issue(connection, orgId, until));
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
        connection -> CreditNotes.credit(connection, actor, invoiceNumber, net, reason));
  }

  /** Invoices and credit notes of an organisation, or of all for null, the oldest first. */
  public List<StoredInvoice> list(@Nullable Long orgId) {
    return InvoiceSql.transaction(
        database,
        "list the invoices",
        connection ->
            orgId == null
                ? InvoiceRows.invoices(connection, "true")
                : InvoiceRows.invoices(connection, "org_id = ?", orgId));
  }

  /** Some of an organisation's, the oldest first. */
  public Page<StoredInvoice> list(long orgId, PageRequest page) {
    List<StoredInvoice> invoices =
        InvoiceSql.transaction(
            database,
            "list the invoices",
            connection -> InvoiceRows.after(connection, orgId, page.afterName(), page.limit() + 1));
    return page.cut(invoices, stored -> stored.invoice().terms().number());
  }

  /**
   * An invoice or credit note.
   *
   * @throws InvoiceException when there is none
   */
  public StoredInvoice find(String number) {
    return InvoiceSql.transaction(
        database, "read the invoice", connection -> InvoiceRows.find(connection, number));
  }

  /** Makes an invoice again from its rows and prices, and compares all of it. */
  public InvoiceVerdict verify(String number) {
    return InvoiceSql.transaction(
        database,
        "verify the invoice",
        connection -> {
          StoredInvoice stored = InvoiceRows.find(connection, number);
          InvoiceVerdict verdict = compare(connection, stored);
          return verdict.holds() || !InvoiceRows.isArchived(connection, stored)
              ? verdict
              : new InvoiceVerdict(
                  number,
                  false,
                  "usage of it was archived; say with --archive where the files are");
        });
  }

  /**
   * The same with usage that was archived.
   *
   * @param archive the folder of its files
   */
  public InvoiceVerdict verify(String number, Path archive) {
    return InvoiceSql.transaction(
        database,
        "verify the invoice",
        connection -> {
          StoredInvoice stored = InvoiceRows.find(connection, number);
          Terms.UsageRange range = stored.invoice().terms().range();
          if (range == null) {
            return compare(connection, stored);
          }
          ArchivedUsage.Wanted wanted =
              new ArchivedUsage.Wanted(
                  stored.invoice().terms().orgId(),
                  range.previousSeq(),
                  range.seq(),
                  range.previousUntil(),
                  range.until());
          try (ArchivedUsage _ = ArchivedUsage.include(connection, archive, wanted)) {
            return compare(connection, stored);
          } catch (ArchiveException wrong) {
            return new InvoiceVerdict(number, false, String.valueOf(wrong.getMessage()));
          }
        });
  }

  private InvoiceVerdict compare(Connection connection, StoredInvoice stored) throws SQLException {
    try {
      return InvoiceVerdict.compare(stored, InvoiceBody.write(issuing.again(connection, stored)));
    } catch (InvoiceException wrong) {
      return new InvoiceVerdict(
          stored.invoice().terms().number(), false, String.valueOf(wrong.getMessage()));
    }
  }

  /** Numbers that are missing in a series; empty when all invoices are there. */
  public List<String> gaps() {
    return InvoiceSql.transaction(database, "look for gaps", InvoiceRows::gaps);
  }

  /**
   * What a request adds to a line.
   *
   * @param units of it that count, 0 where a savings plan covers a sum
   * @param pricePico of one of them
   * @param exactPico what they come to; below 0 where a commitment covers them
   * @param cardSha256 the hash of the rate card that {@code usage} cites
   * @param book name and version of the price book that the card was made of: {@code list@2}
   */
  public record Reason(
      UsageRecord usage,
      long units,
      long pricePico,
      BigInteger exactPico,
      String cardSha256,
      String book) {}

  /** Tells why a line is what it is: each request in it, by id; none where it is about none. */
  public void why(String number, int line, Consumer<Reason> each) {
    InvoiceSql.<Integer>transaction(
        database,
        "read the requests of a line",
        connection -> {
          Invoice invoice = InvoiceRows.find(connection, number).invoice();
          InvoiceLine wanted = line(invoice, line);
          Terms.UsageRange range = invoice.terms().range();
          if (range != null) {
            Reasons reasons =
                new Reasons(cards, invoice, wanted, InvoiceRows.bookNames(connection), each);
            UsageSql.usage(connection, invoice.terms().orgId(), range, reasons::add);
          }
          return 0;
        });
  }

  /** The same in a sentence or two, without the requests. */
  public String story(String number, int line) {
    Invoice invoice = find(number).invoice();
    return Reasons.story(invoice, line(invoice, line));
  }

  private static InvoiceLine line(Invoice invoice, int line) {
    if (line < 1 || line > invoice.lines().size()) {
      throw new InvoiceException(invoice.terms().number() + " has no line " + line + ".");
    }
    return invoice.lines().get(line - 1);
  }
}
