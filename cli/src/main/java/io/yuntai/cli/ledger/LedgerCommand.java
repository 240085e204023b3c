package io.yuntai.cli.ledger;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import io.yuntai.server.HomeDirectory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai ledger verify}, with and without a running server. */
@Command(
    name = "ledger",
    description = "Verify the ledger of money and quota, and move old days out of it.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai ledger verify",
      "  yuntai ledger verify --json",
      "  yuntai ledger archive --to /srv/yuntai-archive"
    })
public final class LedgerCommand extends Noun {
  private LedgerCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verb. */
  public static CommandLine tree(CliContext context) {
    return tree(new LedgerCommand(context), new Verify(context), new ArchiveLedger(context));
  }

  /** {@code ledger verify}. */
  @Command(
      name = "verify",
      description = {
        "Compute every rule and every chain of the ledger again from its rows.",
        "Ends with 8 when a row breaks a rule; names the first of each."
      },
      footerHeading = "%nExamples:%n",
      footer = {"  yuntai ledger verify", "  yuntai ledger verify --json"})
  static final class Verify implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    Verify(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      HomeDirectory directory = home.directory(context.environment());
      directory.create();
      DatabaseOptions options = DatabaseOptions.of(directory.path(), context.environment());
      Verification.Report report;
      try (Database database = Database.connectOrOpen(options)) {
        report = Verification.run(database.dataSource(), result -> {});
      }
      if (json) {
        context.screen().result(Json.text(fields(report)));
      } else {
        print(report);
      }
      return (report.holds() ? ExitCode.OK : ExitCode.FAULTS_FOUND).number();
    }

    private void print(Verification.Report report) {
      Table table = new Table(context.screen(), "CHECK", "ROWS", "RESULT").alignRight(1);
      for (CheckResult check : report.checks()) {
        table.row(
            check.name(),
            String.format(Locale.ROOT, "%,d", check.rows()),
            check.holds()
                ? context.text("ledger.holds")
                : context.text("ledger.broken", check.bad()));
      }
      table.print();
      for (CheckResult check : report.checks()) {
        if (!check.holds()) {
          context.screen().note(context.text("ledger.first", check.rule(), check.firstBad()));
        }
      }
      if (report.quarantined() > 0) {
        context.screen().note(context.text("ledger.quarantined", report.quarantined()));
      }
      if (report.differences() > 0) {
        context.screen().note(context.text("ledger.differences", report.differences()));
      }
    }

    private static Map<String, Object> fields(Verification.Report report) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("holds", report.holds());
      fields.put("checks", report.checks());
      fields.put("quarantined", report.quarantined());
      fields.put("differences", report.differences());
      return fields;
    }
  }
}
