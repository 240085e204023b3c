package io.yuntai.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderDiskTest {
  @TempDir Path folder;

  @Test
  void whoeverIsInterruptedStillForcesAndEverybodyAfterwards() throws IOException {
    try (FolderDisk disk = FolderDisk.open(folder);
        Disk.Appender appender = disk.create("one", 64)) {
      appender.write(new byte[] {1, 2, 3}, 3);
      Thread.currentThread().interrupt();
      appender.force();
      assertThat(Thread.interrupted()).isTrue();
      appender.write(new byte[] {4}, 1);
      appender.force();
      assertThat(Arrays.copyOf(disk.read("one"), 4)).containsExactly(1, 2, 3, 4);
    }
  }
}
