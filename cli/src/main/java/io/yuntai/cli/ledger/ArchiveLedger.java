package io.yuntai.cli.ledger;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.retention.Retention;
import io.yuntai.server.HomeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai ledger archive}. */
@Command(
    name = "archive",
    description = {
      "Move usage of old days out of the database into a file for each day.",
      "Chains stay verifiable; invoices of these days can't be rated again, and no settlement is",
      "taken for them any more."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai ledger archive --to /srv/yuntai-archive",
      "  yuntai ledger archive --to /srv/yuntai-archive --keep-days 730"
    })
final class ArchiveLedger implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      required = true,
      description = "Where the files go; keep it as long as the ledger.")
  private Path folder = Path.of("");

  @Option(
      names = "--keep-days",
      paramLabel = "DAYS",
      defaultValue = "" + Retention.USAGE_DAYS,
      description = "How many days of usage stay (default: ${DEFAULT-VALUE}).")
  private int keepDays = Retention.USAGE_DAYS;

  @Option(
      names = "--keep-receipts",
      paramLabel = "DAYS",
      defaultValue = "" + Retention.RECEIPT_DAYS,
      description =
          "How many days of engines' receipts stay; older ones that were compared are dropped (default: ${DEFAULT-VALUE}).")
  private int keepReceipts = Retention.RECEIPT_DAYS;

  ArchiveLedger(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (keepDays < Retention.LEAST_DAYS || keepReceipts < Retention.LEAST_DAYS) {
      throw new CommandException(
          ExitCode.USAGE,
          "--keep-days and --keep-receipts must be at least %d.".formatted(Retention.LEAST_DAYS));
    }
    HomeDirectory directory = home.directory(context.environment());
    directory.create();
    DatabaseOptions options = DatabaseOptions.of(directory.path(), context.environment());
    List<Retention.Sealed> days = new ArrayList<>();
    try (Database database = Database.connectOrOpen(options)) {
      Retention retention = new Retention(database.dataSource(), folder.toAbsolutePath());
      retention.sealUsage(keepDays, days::add);
      retention.dropReceipts(keepReceipts);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "The folder " + folder + " can't be written: " + e + ".", e);
    }
    Table table = new Table(context.screen(), "DAY", "REQUESTS", "FILE").alignRight(1);
    for (Retention.Sealed day : days) {
      table.row(
          day.day().toString(),
          String.format(Locale.ROOT, "%,d", day.rows()),
          day.file().toString());
    }
    table.print();
    return ExitCode.OK.number();
  }
}
