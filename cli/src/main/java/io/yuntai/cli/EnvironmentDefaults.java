package io.yuntai.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Flags over {@code YUNTAI_*} environment over defaults, for the options that a machine has rather
 * than a call.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private static final Set<String> OPTIONS =
      Set.of(
          "--config",
          "--home",
          "--host",
          "--port",
          "--kernel",
          "--kv-cache",
          "--memory-limit",
          "--no-packed-cache",
          "--prefix-cache");

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || !OPTIONS.contains(option.longestName())) {
      return null;
    }
    String value =
        environment.getOrDefault(
            "YUNTAI_"
                + option.longestName().substring(2).toUpperCase(Locale.ROOT).replace('-', '_'),
            "");
    if (value.isEmpty()) {
      return null;
    }
    return option.arity().max() == 0 ? String.valueOf(!value.equals("0")) : value;
  }
}
