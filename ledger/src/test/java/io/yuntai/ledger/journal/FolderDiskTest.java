package io.yuntai.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDiskTest {
  @TempDir Path folder;

  @Test
  void aFileHasItsRoomFromTheBeginningAndKeepsWhatIsWritten() throws IOException {
    try (Disk disk = FolderDisk.open(folder)) {
      try (Disk.Appender appender = disk.create("one", 100_000)) {
        assertThat(disk.read("one")).hasSize(100_000).containsOnly(0);
        byte[] bytes = "first".getBytes(StandardCharsets.UTF_8);
        appender.write(bytes, bytes.length);
        appender.write(bytes, 3);
        appender.force();
      }
      assertThat(new String(disk.read("one"), 0, 9, StandardCharsets.UTF_8))
          .isEqualTo("firstfir\0");
      assertThat(disk.read("one")).hasSize(100_000);
      assertThat(disk.list()).containsExactly("one");
    }
  }

  @Test
  void aNameIsGivenOnceAndFreeAgainWhenItsFileIsGone() throws IOException {
    try (Disk disk = FolderDisk.open(folder)) {
      disk.create("one", 10).close();
      assertThatThrownBy(() -> disk.create("one", 10))
          .isInstanceOf(FileAlreadyExistsException.class);
      disk.delete("one");
      disk.delete("one");
      assertThat(disk.list()).isEmpty();
      disk.create("one", 20).close();
      assertThat(disk.read("one")).hasSize(20);
    }
  }

  @Test
  void twoServersDoNotShareAFolder() {
    try (Disk disk = FolderDisk.open(folder)) {
      assertThat(disk).isNotNull();
      assertThatThrownBy(() -> FolderDisk.open(folder))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("belongs to another running server")
          .hasMessageContaining(folder.toString());
    }
    FolderDisk.open(folder).close();
  }

  @Test
  void anInterruptedWriterStillWrites() throws IOException {
    try (Disk disk = FolderDisk.open(folder);
        Disk.Appender appender = disk.create("one", 10)) {
      Thread.currentThread().interrupt();
      appender.write(new byte[] {1}, 1);
      assertThat(Thread.interrupted()).isTrue();
      appender.write(new byte[] {2}, 1);
      appender.force();
      assertThat(disk.read("one")).startsWith(1, 2, 0);
    }
  }

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
