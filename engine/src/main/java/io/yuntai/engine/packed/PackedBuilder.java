package io.yuntai.engine.packed;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Packs weights that are larger than memory straight into their file: pages that are filled go to
 * the disk as the system needs their room.
 *
 * <p>Like {@link PackedWriter}, under another name until all of it is there, and one process at a
 * time; another one waits, and then finds the file.
 */
final class PackedBuilder {
  private final Path folder;
  private final PackedKey key;
  private final @Nullable FileTime seen;

  /**
   * @param seen when the file was written that is of no use, if there is one
   */
  PackedBuilder(Path folder, PackedKey key, @Nullable FileTime seen) {
    this.folder = folder;
    this.key = key;
    this.seen = seen;
  }

  /** Something that packs all matrices into this memory. */
  @FunctionalInterface
  interface Packing {
    void pack(MemorySegment memory);
  }

  /**
   * Makes the file.
   *
   * @throws IOException where the disk has no room, or does not take it
   */
  void build(Packing packing) throws IOException {
    Files.createDirectories(folder, PackedWriter.ownerOnly(folder));
    try (FileChannel lockChannel = PackedWriter.openLock(folder);
        FileLock _ = lockChannel.lock()) {
      Path target = PackedCache.path(folder);
      if (!Objects.equals(written(target), seen)) {
        return; // by another process, while this one waited
      }
      PackedWriter.prepare(folder, target, key);
      Path temporary = Files.createTempFile(folder, "new-", ".part");
      try {
        fill(temporary, packing);
        PackedWriter.requireUnchanged(key);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("this program packs the same model already", e);
    }
  }

  /** When a file was written; null where there is none. */
  static @Nullable FileTime written(Path target) throws IOException {
    return Files.exists(target) ? Files.getLastModifiedTime(target) : null;
  }

  private void fill(Path temporary, Packing packing) throws IOException {
    try (FileChannel channel =
            FileChannel.open(temporary, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofShared()) {
      long offset = PackedHeader.dataOffset(key.dataBytes());
      MemorySegment memory = channel.map(MapMode.READ_WRITE, offset, key.dataBytes(), arena);
      packing.pack(memory);
      int[] checksums = new int[PackedHeader.chunks(key.dataBytes())];
      for (int i = 0; i < checksums.length; i++) {
        checksums[i] = PackedHeader.crc(PackedCache.chunk(memory, i));
      }
      memory.force();
      PackedWriter.writeFully(channel, PackedHeader.encode(key, checksums), 0);
      channel.force(true);
    }
  }
}
