package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.ledger.accounts.Accounts;
import io.yuntai.ledger.money.Money;
import picocli.CommandLine.Command;

/** {@code invoices pay}. */
@Command(
    name = "pay",
    description = "Enter that a tenant has paid, so that its statement shows it.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai invoices pay acme 119.00 --reference 'bank 4711'"})
final class RecordPayment extends MoneyEntry {
  RecordPayment(CliContext context) {
    super(context);
  }

  @Override
  long enter(Accounts accounts, long org, Money money, String reference) {
    return accounts.paid(org, money, reference);
  }
}
