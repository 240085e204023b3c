package io.yuntai.engine.packed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A model file at one moment.
 *
 * @param path absolute
 * @param bytes its size
 * @param modifiedNanos when it was last written, since 1970
 */
record SourceStamp(Path path, long bytes, long modifiedNanos) {
  /**
   * @throws IOException where there is no such file
   */
  static SourceStamp of(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new SourceStamp(
        path.toAbsolutePath().normalize(),
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }
}
