package io.yuntai.cli.command;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.server.AdapterOptions;
import io.yuntai.server.LogFormat;
import io.yuntai.server.OwnerOnlyFiles;
import io.yuntai.server.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts the server in a process of its own and stays until it is ready, showing what that process
 * has to say.
 *
 * <p>The server's process outlives the shell: it is in a session of its own where {@code setsid}
 * exists, and else ignores that the terminal closes.
 */
final class DetachedStart {
  private static final String OUTLIVE_SHELL =
      "if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; else trap '' HUP; exec \"$@\"; fi";
  private static final int POLL_MILLIS = 40;
  private static final int STOP_SECONDS = 30;

  private final CliContext context;
  private final ServerOptions options;
  private final @Nullable String database;
  private final LogFormat logFormat;
  private final boolean json;
  private boolean ready;
  private boolean failed;

  /**
   * @param database URL of an external database, which reaches the server's process by its
   *     environment, so that a password is not among the words of a command
   */
  DetachedStart(
      CliContext context,
      ServerOptions options,
      @Nullable String database,
      LogFormat logFormat,
      boolean json) {
    this.context = context;
    this.options = options;
    this.database = database;
    this.logFormat = logFormat;
    this.json = json;
  }

  /** Returns the exit code. */
  int run() throws InterruptedException {
    options.home().create();
    Path output = options.home().logs().resolve("start.log");
    Path report = null;
    Process process = null;
    try (StopSignals _ = StopSignals.install(false)) {
      report =
          Files.createTempFile(
              options.home().run(), "start-", ".report", OwnerOnlyFiles.attributes());
      process = launch(report, output);
      follow(process, report);
      if (failed) {
        boolean ended = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        return ended && process.exitValue() != 0 ? process.exitValue() : ExitCode.FAILED.number();
      }
      if (!ready) {
        throw new CommandException(
            ExitCode.FAILED,
            "The server ended while it was starting (exit code "
                + process.exitValue()
                + "). What it said is in "
                + output
                + " and "
                + options.home().logs().resolve("yuntai.log")
                + ".");
      }
      return ExitCode.OK.number();
    } catch (InterruptedException e) {
      stop(process);
      throw e;
    } catch (IOException e) {
      stop(process);
      throw new UncheckedIOException(e);
    } finally {
      delete(report);
    }
  }

  private Process launch(Path report, Path output) throws IOException {
    String launcher = System.getProperty("yuntai.launcher");
    if (launcher == null) {
      throw new CommandException(
          ExitCode.USAGE, "--detach needs the yuntai script: start the program by it.");
    }
    Screen screen = context.screen();
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", OUTLIVE_SHELL, "sh", launcher, "up"));
    command.addAll(List.of("--home", options.home().path().toString()));
    command.addAll(List.of("--host", options.host(), "--port", Integer.toString(options.port())));
    command.addAll(List.of("--log-format", logFormat.name().toLowerCase(Locale.ROOT)));
    command.addAll(List.of("--context", Integer.toString(options.load().contextTokens())));
    command.addAll(List.of("--speculation", options.speculation()));
    command.addAll(List.of("--kernel", options.load().kernel()));
    command.addAll(List.of("--kv-cache", options.load().kvFormat().label()));
    command.addAll(
        List.of(
            "--keep-responses",
            Long.toString(options.keepResponses().toDays()),
            "--prefix-cache",
            options.prefixCacheBytes() == 0 ? "off" : options.prefixCacheBytes() + "B"));
    if (!options.keepsPacked()) {
      command.add("--no-packed-cache");
    }
    options
        .trustedProxies()
        .forEach(range -> command.addAll(List.of("--trusted-proxies", range.toString())));
    options.models().forEach(model -> command.addAll(List.of("--model", model)));
    AdapterOptions adapters = options.adapters();
    adapters
        .load()
        .forEach(
            choice -> command.addAll(List.of("--adapter", choice.name() + "=" + choice.path())));
    command.addAll(List.of("--max-adapters", Integer.toString(adapters.limits().maxAdapters())));
    command.addAll(List.of("--adapter-memory", adapters.limits().maxBytes() + "B"));
    options.config().ifPresent(file -> command.addAll(List.of("--config", file.toString())));
    if (options.models().isEmpty()) {
      command.add("--no-model");
    }
    if (!options.keysRequired()) {
      command.add("--no-keys");
    }
    if (json) {
      command.add("--json");
    }
    command.addAll(
        List.of(
            "--report",
            StartReport.describe(
                screen,
                screen.resultStyle().isColoured(),
                screen.noteStyle().isColoured(),
                report)));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(options.home().path().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    if (database != null) {
      builder.environment().put(DatabaseOptions.URL_VARIABLE, database);
    }
    return builder.start();
  }

  /** Shows what the report says until the server is ready, has failed or is gone. */
  private void follow(Process process, Path report) throws IOException, InterruptedException {
    try (SeekableByteChannel channel = Files.newByteChannel(report)) {
      while (!ready && !failed) {
        boolean ended = !process.isAlive();
        show(channel);
        if (ended) {
          return;
        }
        process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void show(SeekableByteChannel channel) throws IOException {
    // Records are short and few; what comes in one poll fits.
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.min(1 << 20, channel.size() - channel.position()));
    while (bytes.hasRemaining() && channel.read(bytes) > 0) {}
    int end = bytes.position();
    while (end > 0 && bytes.get(end - 1) != '\n') {
      end--;
    }
    channel.position(channel.position() - (bytes.position() - end));
    new String(bytes.array(), 0, end, StandardCharsets.UTF_8).lines().forEach(this::show);
  }

  private void show(String record) {
    Screen screen = context.screen();
    String text = record.substring(2);
    switch (record.charAt(0)) {
      case 'R' -> screen.result(text);
      case 'N' -> screen.note(text);
      case 'P' -> screen.progress(text);
      case 'F' -> {
        screen.note(screen.noteStyle().problem("yuntai:") + " " + text);
        failed = true;
      }
      case 'D' -> ready = true;
      default -> throw new IllegalStateException("unknown record " + record.charAt(0));
    }
  }

  private static void stop(@Nullable Process process) {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(@Nullable Path report) {
    try {
      if (report != null) {
        Files.deleteIfExists(report);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
