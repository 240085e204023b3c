package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentTerms;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code commitments list}. */
@Command(name = "list", aliases = "ls", description = "List commitments.")
final class ListCommitments extends BooksVerb {
  @Option(names = "--tenant", paramLabel = "NAME", description = "Only of this one.")
  private @Nullable String tenant;

  ListCommitments(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    List<Commitment> all =
        books.commitments().list(tenant == null ? null : (Long) books.org(tenant));
    Table table =
        new Table(context.screen(), "ID", "TENANT", "WHAT", "MODELS", "BY", "FEE", "FROM", "UNTIL")
            .alignRight(0, 5);
    for (Commitment one : all) {
      Instant until = one.until();
      table.row(
          Long.toString(one.id()),
          books.orgName(one.orgId()),
          what(one.terms()),
          one.sku(),
          one.period().text(),
          one.terms().feeNano() == 0
              ? ""
              : new Money(books.currency(one.orgId()), one.terms().feeNano()).toString(),
          one.from().toString(),
          until == null ? "" : until.toString());
    }
    table.print();
    return ExitCode.OK;
  }

  private static String what(CommitmentTerms terms) {
    return switch (terms) {
      case CommitmentTerms.FreeTokens free -> free.tokens() + " tokens free";
      case CommitmentTerms.Reservation reserved -> reserved.tokens() + " tokens reserved";
      case CommitmentTerms.SavingsPlan plan -> "savings plan, pays " + plan.pays().percent();
    };
  }
}
