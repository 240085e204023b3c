package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.accounts.Statement;
import io.yuntai.ledger.accounts.Statement.Balance;
import io.yuntai.ledger.accounts.StatementFormat;
import io.yuntai.ledger.accounts.StatementLine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices statement}. */
@Command(
    name = "statement",
    description = "A tenant's statement of account: what it owes and has, and how that came.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai invoices statement acme",
      "  yuntai invoices statement acme --from 2026-11-01 --until 2026-12-01 --format pdf --output acme.pdf"
    })
final class ShowStatement extends BooksVerb {
  @Parameters(paramLabel = "TENANT", description = "Whose account.")
  private String tenant = "";

  @Option(names = "--from", paramLabel = "TIME", description = "The beginning (the first entry).")
  private @Nullable String from;

  @Option(names = "--until", paramLabel = "TIME", description = "The end (now).")
  private @Nullable String until;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json, csv or pdf (text).")
  private String format = "text";

  @Option(names = "--output", paramLabel = "FILE", description = "Where to (standard output).")
  private @Nullable Path output;

  ShowStatement(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    Statement statement =
        books
            .accounts()
            .statement(
                books.org(tenant),
                from == null ? Instant.EPOCH : LocalBooks.instant(from),
                until == null ? Instant.now() : LocalBooks.instant(until));
    if (format.equals("text")) {
      print(statement);
      return ExitCode.OK;
    }
    StatementFormat wanted =
        Arrays.stream(StatementFormat.values())
            .filter(one -> one.text().equals(format))
            .findFirst()
            .orElseThrow(() ->
                new CommandException(
                    ExitCode.USAGE,
                    "'" + format + "' is no format: it must be text, json, csv or pdf."));
    Output.write(context, output, wanted.write(statement));
    return ExitCode.OK;
  }

  private void print(Statement statement) {
    Table table =
        new Table(
                context.screen(),
                "AT",
                "WHAT",
                "REFERENCE",
                "OWED",
                "CREDIT",
                statement.currency().code())
            .alignRight(3, 4);
    balance(table, statement, "opening balance", statement.from(), statement.opening());
    for (StatementLine line : statement.lines()) {
      table.row(
          line.at().toString(),
          line.kind().text(),
          line.reference(),
          statement.amount(line.owedNano()),
          statement.amount(line.creditNano()),
          "");
    }
    balance(table, statement, "closing balance", statement.until(), statement.closing());
    table.row(
        "",
        "of which not yet invoiced",
        "",
        statement.amount(statement.closing().notInvoicedNano()),
        "",
        "");
    table.print();
  }

  private static void balance(
      Table table, Statement statement, String what, Instant at, Balance balance) {
    table.row(
        at.equals(Instant.EPOCH) ? "" : at.toString(),
        what,
        "",
        statement.amount(balance.owedNano()),
        statement.amount(balance.creditNano()),
        "");
  }
}
