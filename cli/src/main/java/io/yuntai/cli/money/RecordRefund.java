package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.ledger.accounts.Accounts;
import io.yuntai.ledger.money.Money;
import picocli.CommandLine.Command;

/** {@code invoices refund}. */
@Command(
    name = "refund",
    description = "Enter that a tenant was given back what it had paid too much.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai invoices refund acme 119.00 --reference 'bank 4711'"})
final class RecordRefund extends MoneyEntry {
  RecordRefund(CliContext context) {
    super(context);
  }

  @Override
  long enter(Accounts accounts, long org, Money money, String reference) {
    return accounts.refunded(org, money, reference);
  }
}
