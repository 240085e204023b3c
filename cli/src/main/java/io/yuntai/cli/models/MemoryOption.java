package io.yuntai.cli.models;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** {@code --memory-limit}, which commands have that load a model. */
public final class MemoryOption {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,7}(?:\\.\\d{1,3})?)([kmgt])b?");

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      defaultValue = "",
      description =
          "Memory to plan with, such as 6G: a model whose weights do not fit stays on disk, slowly (YUNTAI_MEMORY_LIMIT; default: what is available).")
  private String limit = "";

  /**
   * The limit in bytes; 0 where there is none.
   *
   * @throws CommandException when it is no size
   */
  public long bytes() {
    if (limit.isEmpty()) {
      return 0;
    }
    Matcher size = SIZE.matcher(limit.strip().toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--memory-limit is '%s', not a size such as 6G or 800M.".formatted(limit));
    }
    int thousands = "kmgt".indexOf(size.group(2)) + 1;
    return Math.max(1, (long) (Double.parseDouble(size.group(1)) * Math.pow(1000, thousands)));
  }
}
