package io.yuntai.cli.doctor;

import io.yuntai.cli.terminal.Units;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.server.AdapterBook;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The adapters that the home remembers: whether they can be read, and what they will take. */
final class AdapterChecks {
  private static final String SUBJECT = "adapters";

  private AdapterChecks() {}

  /** What there is to say; nothing where there are none. */
  static List<Finding> look(HomeDirectory home) {
    List<Finding> findings = new ArrayList<>();
    long bytes = 0;
    int good = 0;
    try {
      for (AdapterBook.Entry entry : new AdapterBook(home).entries()) {
        try (AdapterFile file = AdapterFile.open(Path.of(entry.path()))) {
          bytes += bytes(file);
          good++;
        } catch (IOException | ModelFormatException e) {
          findings.add(
              Finding.warning(
                  SUBJECT,
                  "%s can't be loaded from %s: %s"
                      .formatted(entry.model(), entry.path(), e.getMessage()),
                  "put its file back, or 'yuntai adapters unload " + entry.model() + "'"));
        }
      }
    } catch (StartException e) {
      findings.add(
          Finding.warning(SUBJECT, String.valueOf(e.getMessage()), "load your adapters again"));
    }
    if (good > 0) {
      findings.add(
          Finding.ok(
              SUBJECT,
              "%d remembered, %s of memory where all are loaded"
                  .formatted(good, Units.bytes(bytes))));
    }
    return findings;
  }

  /** About what the matrices take: those that are not floats become F32. */
  private static long bytes(AdapterFile file) {
    return file.deltas().stream().mapToLong(delta -> bytes(delta.down()) + bytes(delta.up())).sum();
  }

  private static long bytes(TensorInfo tensor) {
    int each =
        switch (tensor.type()) {
          case F16, BF16 -> 2;
          default -> Float.BYTES;
        };
    return tensor.rows() * tensor.columns() * each;
  }
}
