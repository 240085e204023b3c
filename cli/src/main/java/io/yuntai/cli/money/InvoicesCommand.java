package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code yuntai invoices create|credit|list|show|verify|export|statement|pay|refund|party|tax}. */
@Command(
    name = "invoices",
    description = "Issue, show, export and verify invoices; payments and statements of account.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai invoices create acme",
      "  yuntai invoices export INV-2026-000001 --format pdf --output november.pdf",
      "  yuntai invoices verify"
    })
public final class InvoicesCommand extends Noun {
  private InvoicesCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new InvoicesCommand(context),
        new CreateInvoice(context),
        new CreditInvoice(context),
        new ListInvoices(context),
        new ShowInvoice(context),
        new VerifyInvoices(context),
        new ExportInvoice(context),
        new ShowStatement(context),
        new RecordPayment(context),
        new RecordRefund(context),
        new SetParty(context),
        new SetTax(context));
  }
}
