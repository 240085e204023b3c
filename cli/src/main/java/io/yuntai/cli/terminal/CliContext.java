package io.yuntai.cli.terminal;

import java.util.Map;

/**
 * What every command is given.
 *
 * @param screen where it writes
 * @param messages in which language
 * @param environment the process's
 */
public record CliContext(Screen screen, Messages messages, Map<String, String> environment) {
  /** Copies the map. */
  public CliContext {
    environment = Map.copyOf(environment);
  }

  /** A sentence in the user's language. */
  public String text(String key, Object... values) {
    return messages.text(key, values);
  }
}
