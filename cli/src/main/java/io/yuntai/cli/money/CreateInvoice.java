package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.StoredInvoice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices create}. */
@Command(
    name = "create",
    description = "Issue an invoice for what a tenant used and no invoice has had yet.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai invoices create acme",
      "  yuntai invoices create acme --until 2026-11-23T12:00:00Z"
    })
final class CreateInvoice extends BooksVerb {
  @Parameters(paramLabel = "TENANT", description = "Who used it.")
  private String tenant = "";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Used before this time, or 'now' (the beginning of this month).")
  private @Nullable String until;

  CreateInvoice(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    Instant end =
        until == null ? null : until.equals("now") ? Instant.now() : LocalBooks.instant(until);
    StoredInvoice issued = books.invoices().issue(books.org(tenant), end);
    tell(context, issued);
    return ExitCode.OK;
  }

  /** Says what was issued. */
  static void tell(CliContext context, StoredInvoice issued) {
    Invoice invoice = issued.invoice();
    context.screen().result(invoice.terms().number());
    context
        .screen()
        .note(
            context.text(
                "invoices.issued",
                invoice.terms().number(),
                invoice.amount(invoice.totalMinor()) + " " + invoice.terms().currency(),
                invoice.terms().buyer().name()));
  }
}
