package io.yuntai.planner.files;

import io.yuntai.planner.usage.HourlyUsage;
import io.yuntai.planner.usage.UsageReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Usage that a plan names: in its own {@code [files]}, so that the plan is one text, or in files
 * beside it.
 *
 * @param own texts by name
 * @param folder of the plan's file; none where it is a text
 */
record UsageFiles(Map<String, String> own, Optional<Path> folder) {
  static UsageFiles of(PlanCells files, Optional<Path> folder) {
    Map<String, String> own = new LinkedHashMap<>();
    for (String name : files.names()) {
      own.put(name, files.longText(name));
    }
    return new UsageFiles(own, folder);
  }

  /** What a cell names. */
  HourlyUsage read(PlanCells cells, String key) {
    String name = cells.text(key);
    String text = own.get(name);
    if (text != null) {
      return cells.checked(key, () -> read(text, name));
    }
    Path file =
        folder
            .orElseThrow(() ->
                cells.slip(
                    key,
                    "files beside a plan are read from the command line only; give rates here, or usage as [files] \"%s\" = \"hour,...\""
                        .formatted(name)))
            .resolve(name);
    return cells.checked(key, () -> UsageReader.file(file));
  }

  private static HourlyUsage read(String text, String name) {
    try (Reader reader = new StringReader(text)) {
      return UsageReader.read(reader, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
