package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.InvoiceLine;
import io.yuntai.ledger.invoices.InvoiceStore;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices show}. */
@Command(
    name = "show",
    description = "Show an invoice, or why one of its lines is what it is.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai invoices show INV-2026-000001",
      "  yuntai invoices show INV-2026-000001 --why 2"
    })
final class ShowInvoice extends BooksVerb {
  @Parameters(paramLabel = "NUMBER", description = "The invoice.")
  private String number = "";

  @Option(
      names = "--why",
      paramLabel = "LINE",
      description =
          "Tell why this line is what it is: each request, its units, price, rate card and price book.")
  private @Nullable Integer line;

  ShowInvoice(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    if (line != null) {
      context.screen().note(books.invoices().story(number, line));
      context
          .screen()
          .result(
              "request,at,units,price,exact_amount,rate_card,rate_card_sha256,price_book_version");
      books.invoices().why(number, line, this::tell);
      return ExitCode.OK;
    }
    Invoice invoice = books.invoices().find(number).invoice();
    Table table =
        new Table(context.screen(), "LINE", "WHAT", "UNITS", "OF A MILLION", "AMOUNT")
            .alignRight(0, 2, 3, 4);
    for (InvoiceLine each : invoice.lines()) {
      table.row(
          Integer.toString(each.number()),
          each.model() + " " + each.serviceClass() + " " + each.meter(),
          Long.toString(each.quantity()),
          each.pricePico() == 0
              ? ""
              : Invoice.exact(BigInteger.valueOf(each.pricePico()).multiply(MILLION)),
          invoice.amount(each.minor()));
    }
    for (Invoice.Tax tax : invoice.taxes()) {
      table.row("", tax.name() + " " + tax.rate().percent(), "", "", invoice.amount(tax.minor()));
    }
    table.row("", "total", "", "", invoice.amount(invoice.totalMinor()));
    table.row("", "paid by credit", "", "", invoice.amount(invoice.paidMinor()));
    table.row("", "due", "", "", invoice.amount(invoice.dueMinor()));
    table.print();
    return ExitCode.OK;
  }

  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  private void tell(InvoiceStore.Reason reason) {
    context
        .screen()
        .result(
            String.join(
                ",",
                reason.usage().requestId().toString(),
                reason.usage().at().toString(),
                Long.toString(reason.units()),
                Invoice.exact(BigInteger.valueOf(reason.pricePico())),
                Invoice.exact(reason.exactPico()),
                Long.toString(reason.usage().rateCardId()),
                reason.cardSha256(),
                reason.book()));
  }
}
