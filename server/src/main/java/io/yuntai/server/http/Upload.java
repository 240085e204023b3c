package io.yuntai.server.http;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A form that was sent as {@code multipart/form-data}.
 *
 * @param fields its texts by name, the first of each
 * @param filename what the client calls the file, without folders
 * @param file the file named {@code file}, on disk; the receiver's
 */
public record Upload(Map<String, String> fields, Optional<String> filename, Optional<Path> file) {
  /** Copies the map. */
  public Upload {
    fields = Map.copyOf(fields);
  }
}
