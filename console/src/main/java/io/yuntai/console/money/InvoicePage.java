package io.yuntai.console.money;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.Ui;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.invoices.InvoiceException;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.invoices.InvoiceVerdict;
import io.yuntai.ledger.invoices.StoredInvoice;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.List;
import java.util.Optional;

/** {@code /console/money/invoices/TENANT/NUMBER}: an invoice or credit note, line by line. */
public final class InvoicePage implements Page {
  private final ConsoleServices services;

  InvoicePage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param verdict what came of making it again, where somebody asked
   * @param files where its forms are
   */
  public record Model(
      Organisation org,
      StoredInvoice stored,
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
    return View.html(
        "money/invoice.jte",
        new Model(
            org,
            stored,
            visit.query().text("verify").isEmpty()
                ? Optional.empty()
                : Optional.of(store.verify(number)),
            "/admin/v1/tenants/" + org.name() + "/invoices/" + number + "/document?format=",
            visit.operates()));
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
