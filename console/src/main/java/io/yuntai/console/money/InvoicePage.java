package io.yuntai.console.money;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.Ui;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.InvoiceException;
import io.yuntai.ledger.invoices.InvoiceLine;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.invoices.InvoiceVerdict;
import io.yuntai.ledger.invoices.StoredInvoice;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code /console/money/invoices/TENANT/NUMBER}: an invoice or credit note, line by line. */
public final class InvoicePage implements Page {
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  private final ConsoleServices services;

  InvoicePage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param lines what it charges for
   * @param verdict what came of making it again, where somebody asked
   * @param files where its forms are
   */
  public record Model(
      Organisation org,
      StoredInvoice stored,
      Table lines,
      Optional<InvoiceVerdict> verdict,
      String files,
      boolean operator) {
    /** What it says, in the reader's form. */
    public InvoiceWords words(Ui ui) {
      return new InvoiceWords(ui.formats(), stored.invoice());
    }
  }

  @Override
  public String path() {
    return MoneyPage.PATH + "/invoices/{tenant}/{invoice}";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    Organisation org = visit.tenant();
    String number = visit.place("invoice");
    InvoiceStore store = services.admin().invoices(visit.caller().actor());
    StoredInvoice stored = find(store, org, number);
    Listing<InvoiceLine> lines = lines(visit, stored.invoice());
    if (lines.isWanted(visit)) {
      return lines.csv(number + "-lines");
    }
    return View.html(
        "money/invoice.jte",
        new Model(
            org,
            stored,
            lines.table(visit, visit.text("money.invoice.no-lines")),
            visit.query().text("verify").isEmpty()
                ? Optional.empty()
                : Optional.of(store.verify(number)),
            "/admin/v1/tenants/" + org.name() + "/invoices/" + number + "/document?format=",
            visit.operates()));
  }

  private static Listing<InvoiceLine> lines(Visit visit, Invoice invoice) {
    InvoiceWords words = new InvoiceWords(visit.ui().formats(), invoice);
    return Listing.of(
        visit,
        "lines",
        List.of(
            figures("number", "#", line -> figure(line.number(), visit)),
            Column.of("model", visit.text("money.tree.model"), line -> new Cell.Text(line.model())),
            Column.of("meter", visit.text("money.invoice.meter"), line -> meter(visit, line)),
            figures(
                "quantity",
                visit.text("money.invoice.quantity"),
                line -> figure(line.quantity(), visit)),
            figures(
                "price_per_million",
                visit.text("money.invoice.price"),
                line -> exact(words, BigInteger.valueOf(line.pricePico()).multiply(MILLION))),
            Column.of("book", visit.text("money.invoice.book"), line -> new Cell.Text(book(line))),
            figures(
                "exact", visit.text("money.invoice.exact"), line -> exact(words, line.exactPico())),
            figures(
                "amount",
                visit.text("money.amount"),
                line -> new Cell.Figure(words.amount(line.minor()), invoice.amount(line.minor())))),
        invoice.lines());
  }

  private static Column<InvoiceLine> figures(
      String id, String label, Function<InvoiceLine, Cell> cell) {
    return Column.figures(id, label, cell);
  }

  private static Cell figure(long value, Visit visit) {
    return new Cell.Figure(visit.ui().formats().count(value), Long.toString(value));
  }

  private static Cell exact(InvoiceWords words, BigInteger pico) {
    return new Cell.Figure(words.exact(pico), new BigDecimal(pico, 12).toPlainString());
  }

  private static Cell meter(Visit visit, InvoiceLine line) {
    return new Cell.Worded(
        visit.ui().textOr("requests.meter." + line.meter(), line.meter())
            + " · "
            + visit.ui().textOr("money.class." + line.serviceClass(), line.serviceClass()),
        line.meter() + " · " + line.serviceClass());
  }

  private static String book(InvoiceLine line) {
    String sha256 = line.bookSha256();
    return line.book() + " " + sha256.substring(0, Math.min(8, sha256.length()));
  }

  private static StoredInvoice find(InvoiceStore store, Organisation org, String number) {
    RefusedException missing = RefusedException.notFound("invoice", number);
    if (!number.matches("[A-Z0-9-]{1,40}")) {
      throw missing;
    }
    try {
      StoredInvoice stored = store.find(number);
      if (stored.invoice().terms().orgId() != org.id()) {
        throw missing;
      }
      return stored;
    } catch (InvoiceException e) {
      throw missing;
    }
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    Organisation org = visit.tenant();
    var fields = Visit.fields().put("reason", form.text("reason"));
    if (!form.text("amount").isBlank()) {
      fields.put("amount", form.text("amount"));
    }
    String number =
        visit
            .call(
                "POST",
                List.of("tenants", org.name(), "invoices", visit.place("invoice"), "credit-notes"),
                fields)
            .path("number")
            .asString();
    return View.redirect(
        MoneyPage.PATH + "/invoices/" + org.name() + "/" + number,
        visit.text("money.invoice.credited"));
  }
}
