package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What was counted and measured so far, in a file, so that a long run can be done in parts. */
final class Tally {
  private final Path file;
  private final Map<String, String> values = new TreeMap<>();

  Tally(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      Properties read = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        read.load(reader);
      } catch (IOException e) {
        throw new BenchException(file + " can't be read: " + e.getMessage(), e);
      }
      read.stringPropertyNames().forEach(name -> values.put(name, read.getProperty(name)));
    }
  }

  void set(String name, String value) {
    values.put(name, value);
  }

  String text(String name) {
    return values.getOrDefault(name, "not measured");
  }

  long count(String name) {
    return Long.parseLong(values.getOrDefault(name, "0"));
  }

  void add(String name, long more) {
    set(name, Long.toString(count(name) + more));
  }

  /** Takes lines {@code name=number} under a prefix: counts are added up. */
  void addAll(String prefix, List<String> lines) {
    for (String line : lines) {
      int at = line.lastIndexOf('=');
      if (at > 0 && line.substring(at + 1).matches("\\d+")) {
        add(prefix + line.substring(0, at), Long.parseLong(line.substring(at + 1)));
      }
    }
  }

  /** Takes such lines in the place of what is there. */
  void setAll(String prefix, List<String> lines) {
    for (String line : lines) {
      int at = line.lastIndexOf('=');
      if (at > 0 && line.substring(at + 1).matches("[0-9.]+")) {
        set(prefix + line.substring(0, at), line.substring(at + 1));
      }
    }
  }

  /** Those whose names begin so, without that. */
  Map<String, String> under(String prefix) {
    Map<String, String> some = new TreeMap<>();
    values.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        some.put(name.substring(prefix.length()), value);
      }
    });
    return some;
  }

  void save() {
    Properties written = new Properties();
    written.putAll(values);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (Writer writer = Files.newBufferedWriter(file)) {
        written.store(writer, null);
      }
    } catch (IOException e) {
      throw new BenchException(file + " can't be written: " + e.getMessage(), e);
    }
  }
}
