package io.yuntai.cli.tenants;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where exports of usage are written: an option that such commands share. */
final class UsageOutput {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to (default: the terminal).")
  private @Nullable Path output;

  /** What writes. */
  @FunctionalInterface
  interface Work {
    void to(Writer out) throws IOException, InterruptedException;
  }

  /** Writes. */
  void write(CliContext context, Work work) {
    Path file = output;
    try (Writer out = file == null ? screen(context) : Files.newBufferedWriter(file)) {
      work.to(out);
      out.flush();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "The export can't be written to " + output + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "The export was interrupted.", e);
    }
  }

  private static Writer screen(CliContext context) {
    Writer screen = new OutputStreamWriter(context.screen().out(), StandardCharsets.UTF_8);
    return new BufferedWriter(screen) {
      @Override
      public void close() throws IOException {
        flush(); // the screen is not ours
      }
    };
  }
}
