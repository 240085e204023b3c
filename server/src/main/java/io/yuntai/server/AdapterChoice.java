package io.yuntai.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * An adapter to load when the server starts.
 *
 * @param name {@code base:adapter}, or the adapter's name alone where one model is served
 * @param path its file or folder, absolute
 */
public record AdapterChoice(String name, String path) {
  /**
   * What {@code --adapter} says.
   *
   * @param text {@code NAME=PATH} or {@code BASE:NAME=PATH}; paths may be relative
   * @throws StartException when it is neither
   */
  public static AdapterChoice parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw new StartException(
          "'--adapter " + text + "' is not NAME=PATH or BASE:NAME=PATH, such as sql=./sql.gguf.");
    }
    try {
      Path path = Path.of(text.substring(equals + 1)).toAbsolutePath().normalize();
      return new AdapterChoice(text.substring(0, equals), path.toString());
    } catch (InvalidPathException e) {
      throw new StartException("'--adapter " + text + "' has no valid path: " + e.getReason(), e);
    }
  }
}
