package io.yuntai.cli.models;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.kernel.KvCache;
import picocli.CommandLine.Option;

/** {@code --kv-cache}: how keys and values are stored. */
public final class KvCacheOption {
  @Option(
      names = "--kv-cache",
      paramLabel = "FORMAT",
      description =
          "How keys and values are stored: f32, f16, bf16 or q8_0, which takes half of f16's memory (YUNTAI_KV_CACHE; default: f16).")
  private String label = LoadOptions.DEFAULTS.kvFormat().label();

  /**
   * The format.
   *
   * @throws CommandException when there is none of this name
   */
  public KvCache.Format format() {
    return format("--kv-cache", label);
  }

  /**
   * The format that an option names.
   *
   * @throws CommandException when there is none of this name
   */
  public static KvCache.Format format(String option, String label) {
    try {
      return KvCache.Format.named(label);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, option + ": " + e.getMessage() + ".", e);
    }
  }
}
