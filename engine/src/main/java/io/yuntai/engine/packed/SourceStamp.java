package io.yuntai.engine.packed;

import io.yuntai.engine.gguf.GgufParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A model file at one moment; with its other parts, where there are several.
 *
 * @param path absolute
 * @param bytes size of all parts
 * @param modifiedNanos when one was last written, since 1970
 */
record SourceStamp(Path path, long bytes, long modifiedNanos) {
  /**
   * @throws IOException where there is no such file
   */
  static SourceStamp of(Path path) throws IOException {
    long bytes = 0;
    long modifiedNanos = 0;
    for (Path part : GgufParts.of(path)) {
      BasicFileAttributes attributes = Files.readAttributes(part, BasicFileAttributes.class);
      bytes += attributes.size();
      long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
      modifiedNanos = Math.max(modifiedNanos, nanos);
    }
    return new SourceStamp(path.toAbsolutePath().normalize(), bytes, modifiedNanos);
  }
}
