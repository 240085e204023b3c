package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.StoredInvoice;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code invoices list}. */
@Command(name = "list", aliases = "ls", description = "List invoices and credit notes.")
final class ListInvoices extends BooksVerb {
  @Option(names = "--tenant", paramLabel = "NAME", description = "Only of this one.")
  private @Nullable String tenant;

  ListInvoices(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    List<StoredInvoice> all =
        books.invoices().list(tenant == null ? null : (Long) books.org(tenant));
    if (all.isEmpty()) {
      context.screen().note(context.text("invoices.none"));
      return ExitCode.OK;
    }
    Table table =
        new Table(context.screen(), "NUMBER", "TENANT", "PERIOD", "REQUESTS", "TOTAL", "DUE", "")
            .alignRight(3, 4, 5);
    for (StoredInvoice stored : all) {
      Invoice invoice = stored.invoice();
      table.row(
          invoice.terms().number(),
          invoice.terms().orgName(),
          invoice.terms().period(),
          Long.toString(invoice.requests()),
          invoice.amount(invoice.totalMinor()),
          invoice.amount(invoice.dueMinor()),
          invoice.terms().currency().code());
    }
    table.print();
    return ExitCode.OK;
  }
}
