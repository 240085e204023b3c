package io.yuntai.server.clients;

import java.nio.file.Path;
import java.util.List;

/**
 * A program or library that can be pointed at a server.
 *
 * @param id as {@code yuntai connect} calls it
 * @param title as its makers call it
 * @param api in which API it asks
 * @param settings what points it at an endpoint
 * @param use one line for a shell that starts it with the settings written
 */
public record Client(String id, String title, Api api, Settings settings, String use) {
  /**
   * Where files lie.
   *
   * @param home the user's
   * @param project where the command was called
   */
  public record Folders(Path home, Path project) {}

  /** From an endpoint to settings. */
  @FunctionalInterface
  public interface Settings {
    List<Setting> of(Endpoint endpoint, Folders folders);
  }
}
