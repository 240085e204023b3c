package io.yuntai.server.clients;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that a client reads. Files are Yuntai's own, named for it, so that nobody's settings
 * are changed and taking them away is deleting them.
 */
public sealed interface Setting {
  /** Environment variables, as a file of {@code NAME='value'} lines for a shell to read. */
  record Variables(Path file, Map<String, String> values) implements Setting {
    /** Copies the map, in its order. */
    public Variables {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The file's lines. */
    public String text() {
      StringBuilder text = new StringBuilder();
      values.forEach(
          (name, value) -> text.append("%s='%s'%n".formatted(name, value.replace("'", "'\\''"))));
      return text.toString();
    }
  }

  /** A file in the client's own format. */
  record File(Path file, String text) implements Setting {}

  /**
   * A program of a few lines to start from; never written.
   *
   * @param name a file name that tells the language
   */
  record Sample(String name, String text) implements Setting {}
}
