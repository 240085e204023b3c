package io.yuntai.ledger.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says of a home that a restore has begun and not ended, so that nobody takes it for whole. */
public final class RestoreMark {
  static final String NAME = "restore-unfinished";

  private RestoreMark() {}

  /** Whether a restore of this home was broken off. */
  public static boolean isSet(Path home) {
    return Files.exists(home.resolve(NAME));
  }

  static void set(Path home) throws IOException {
    if (!isSet(home)) {
      Files.createFile(home.resolve(NAME));
    }
  }

  static void clear(Path home) throws IOException {
    Files.deleteIfExists(home.resolve(NAME));
  }
}
