package io.yuntai.cli.backup;

import io.yuntai.cli.command.Version;
import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Units;
import io.yuntai.ledger.backup.BackupMark;
import io.yuntai.ledger.backup.BackupWriter;
import io.yuntai.ledger.backup.Manifest;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.OwnerOnlyFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai backup}. */
@Command(
    name = "backup",
    description = {
      "Write everything that can't be computed or pulled again into one file: keys, tenants, prices,",
      "usage, ledger, invoices, conversations, files and batches. Works while the server runs.",
      "The file holds secrets; only its owner can read it. Models are not in it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai backup",
      "  yuntai backup /mnt/safe/yuntai.zip --force",
      "  yuntai restore --check /mnt/safe/yuntai.zip"
    })
public final class BackupCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final CliContext context;
  private final InstantSource clock = InstantSource.system();

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where it goes (default: yuntai-backup-DATE-TIME.zip in this folder).")
  private @Nullable Path file;

  @Option(names = "--force", description = "Write over a file that is there.")
  private boolean force;

  @Option(names = "--json", description = "Print {\"file\",\"bytes\",\"rows\",\"files\",...}.")
  private boolean json;

  /** In this context. */
  public BackupCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    HomeDirectory directory = home.directory(context.environment());
    DatabaseOptions options = DatabaseOptions.of(directory.path(), context.environment());
    if (options instanceof DatabaseOptions.Embedded && !Database.isIn(directory.path())) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "There is nothing to back up in " + directory.path() + ": no Yuntai has run there yet.");
    }
    Path target =
        (file == null ? Path.of("yuntai-backup-" + STAMP.format(clock.instant()) + ".zip") : file)
            .toAbsolutePath();
    if (Files.exists(target) && (!force || Files.isDirectory(target))) {
      throw new CommandException(
          ExitCode.FAILED, target + " is there already; --force writes over it.");
    }
    print(target, write(directory.path(), options, target));
    return ExitCode.OK.number();
  }

  private Manifest write(Path from, DatabaseOptions options, Path target) {
    Path draft = target.resolveSibling(target.getFileName() + ".part");
    try (Database database = Database.connectOrOpen(options)) {
      Files.deleteIfExists(draft);
      Manifest manifest;
      Set<StandardOpenOption> fresh =
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(draft, fresh, OwnerOnlyFiles.attributes());
          OutputStream to = new BufferedOutputStream(Channels.newOutputStream(channel))) {
        manifest =
            new BackupWriter(
                    database, from, Version.text(), clock, new ShownProgress(context, "backup"))
                .write(to);
        channel.force(true);
      }
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      mark(from);
      return manifest;
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, target + " could not be written: " + e + "; nothing is left of it.", e);
    } finally {
      dropDraft(draft);
    }
  }

  private void mark(Path from) {
    try {
      BackupMark.write(from, clock.instant());
    } catch (IOException e) {
      context.screen().note("That it was backed up can't be marked in " + from + ": " + e);
    }
  }

  private static void dropDraft(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException _) {
      // The folder has gone; so has the draft.
    }
  }

  private void print(Path target, Manifest manifest) {
    long bytes = target.toFile().length();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", target.toString());
      fields.put("bytes", bytes);
      fields.put("tables", manifest.tables().size());
      fields.put("rows", manifest.rows());
      fields.put("files", manifest.files().size());
      fields.put("created", manifest.created().toString());
      context.screen().result(Json.text(fields));
    } else {
      context
          .screen()
          .result(
              context.text(
                  "backup.done",
                  target,
                  Units.bytes(bytes),
                  manifest.rows(),
                  manifest.files().size()));
    }
  }
}
