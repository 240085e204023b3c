package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
public final class InvoicesCommand implements Callable<Integer> {
  private final CliContext context;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private InvoicesCommand(CliContext context) {
    this.context = context;
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine invoices = new CommandLine(new InvoicesCommand(context));
    invoices.addSubcommand("create", new CreateInvoice(context));
    invoices.addSubcommand("credit", new CreditInvoice(context));
    invoices.addSubcommand("list", new ListInvoices(context));
    invoices.addSubcommand("show", new ShowInvoice(context));
    invoices.addSubcommand("verify", new VerifyInvoices(context));
    invoices.addSubcommand("export", new ExportInvoice(context));
    invoices.addSubcommand("statement", new ShowStatement(context));
    invoices.addSubcommand("pay", new RecordPayment(context));
    invoices.addSubcommand("refund", new RecordRefund(context));
    invoices.addSubcommand("party", new SetParty(context));
    invoices.addSubcommand("tax", new SetTax(context));
    return invoices;
  }

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }
}
