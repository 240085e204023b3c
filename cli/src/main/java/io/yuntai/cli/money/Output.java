package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where documents go. */
final class Output {
  private Output() {}

  /**
   * Writes a document.
   *
   * @param file null for standard output
   */
  static void write(CliContext context, @Nullable Path file, byte[] document) {
    if (file == null) {
      context.screen().out().writeBytes(document);
      context.screen().out().flush();
      return;
    }
    try {
      Files.write(file, document);
    } catch (IOException unwritable) {
      throw new CommandException(ExitCode.FAILED, file + " can't be written.", unwritable);
    }
  }
}
