package io.yuntai.cli.backup;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.ledger.backup.BackupReader;
import io.yuntai.ledger.backup.Manifest;
import io.yuntai.ledger.backup.Progress;
import io.yuntai.ledger.backup.Restore;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.server.HomeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai restore}. */
@Command(
    name = "restore",
    description = {
      "Put a backup into an empty home (or, with YUNTAI_DATABASE_URL, an empty database). Every part",
      "is compared with its check sum before anything is written. A restore that was broken off can",
      "be run again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai restore --check yuntai-backup-20261123-063000.zip",
      "  yuntai restore yuntai-backup-20261123-063000.zip --home /srv/yuntai",
      "  yuntai up --home /srv/yuntai"
    })
public final class RestoreCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "FILE", description = "What 'yuntai backup' wrote.")
  private Path file = Path.of("");

  @Option(names = "--check", description = "Only compare check sums; restore nothing.")
  private boolean checkOnly;

  @Option(names = "--json", description = "Print {\"file\",\"restored\",\"rows\",\"files\",...}.")
  private boolean json;

  /** In this context. */
  public RestoreCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    HomeDirectory directory = home.directory(context.environment());
    Progress progress = new ShownProgress(context, checkOnly ? "check" : "restore");
    try (BackupReader backup = BackupReader.open(file)) {
      if (checkOnly) {
        backup.check(progress);
      } else {
        directory.create();
        Path path = directory.path();
        new Restore(path, DatabaseOptions.of(path, context.environment()), progress).run(backup);
      }
      print(directory, backup.manifest());
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "The backup could not be restored: " + e + "; mend that and run it again.",
          e);
    }
    return ExitCode.OK.number();
  }

  private void print(HomeDirectory directory, Manifest manifest) {
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", file.toString());
      fields.put("restored", !checkOnly);
      fields.put("created", manifest.created().toString());
      fields.put("yuntai", manifest.yuntai());
      fields.put("tables", manifest.tables().size());
      fields.put("rows", manifest.rows());
      fields.put("files", manifest.files().size());
      context.screen().result(Json.text(fields));
      return;
    }
    context
        .screen()
        .result(
            context.text(
                checkOnly ? "restore.whole" : "restore.done",
                file,
                manifest.created(),
                manifest.rows(),
                manifest.files().size(),
                directory.path()));
  }
}
