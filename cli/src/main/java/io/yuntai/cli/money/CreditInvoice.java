package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.money.Money;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices credit}. */
@Command(name = "credit", description = "Issue a credit note for an invoice, or a part of it.")
final class CreditInvoice extends BooksVerb {
  @Parameters(paramLabel = "NUMBER", description = "The invoice.")
  private String number = "";

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
  private String reason = "";

  @Option(
      names = "--amount",
      paramLabel = "AMOUNT",
      description = "How much without tax (all that is left).")
  private @Nullable String amount;

  CreditInvoice(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    InvoiceStore invoices = books.invoices();
    Money net =
        amount == null
            ? null
            : Money.parse(invoices.find(number).invoice().terms().currency(), amount);
    CreateInvoice.tell(context, invoices.credit(number, net, reason));
    return ExitCode.OK;
  }
}
