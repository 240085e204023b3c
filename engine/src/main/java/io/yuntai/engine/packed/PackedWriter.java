package io.yuntai.engine.packed;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes one file of packed weights on a thread of its own.
 *
 * <p>It is written under another name and then renamed, so a kill leaves at most a file that nobody
 * reads, and the next writer removes that. One process at a time writes into a folder.
 */
final class PackedWriter implements AutoCloseable {
  /** Names the model file whose packed weights lie beside it. */
  static final String SOURCE_FILE = "source.txt";

  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  /** The first answer after a start has the machine to itself. */
  private static final Duration DELAY = Duration.ofSeconds(3);

  /** How long a closing model waits; whatever is not on disk by then is written another time. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  /** Room that stays free: models are a convenience, a full disk is trouble for everybody. */
  private static final long RESERVE_BYTES = 1L << 30;

  private static final String LOCK_FILE = ".lock";

  private final Path folder;
  private final Path target;
  private final PackedKey key;
  private final MemorySegment memory;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean cancelled;

  private PackedWriter(Path folder, PackedKey key, MemorySegment memory) {
    this.folder = folder;
    this.target = PackedCache.path(folder);
    this.key = key;
    this.memory = memory;
    this.thread = Thread.ofPlatform().daemon().name("yuntai-packed-weights").unstarted(this::run);
  }

  /** Starts the thread, which first waits a little. */
  static PackedWriter start(Path folder, PackedKey key, MemorySegment memory) {
    PackedWriter writer = new PackedWriter(folder, key, memory);
    writer.thread.start();
    return writer;
  }

  private void run() {
    try {
      boolean _ = closing.await(DELAY.toMillis(), TimeUnit.MILLISECONDS);
      write();
    } catch (IOException | RuntimeException e) {
      LOG.log(
          System.Logger.Level.INFO,
          "the packed weights are not kept in {0}: {1}; the next start packs again",
          target,
          String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does; end anyway
    } finally {
      released.countDown();
    }
  }

  private void write() throws IOException {
    requireUnchanged(key);
    Files.createDirectories(folder, ownerOnly(folder));
    try (FileChannel lockChannel = openLock(folder);
        FileLock lock = tryLock(lockChannel)) {
      if (lock == null) {
        return; // Another process writes the same.
      }
      prepare(folder, target, key);
      Path temporary = Files.createTempFile(folder, "new-", ".part");
      try {
        copy(temporary);
        requireUnchanged(key);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /** What comes before a new file. Only under the lock. */
  static void prepare(Path folder, Path target, PackedKey key) throws IOException {
    requireRoom(folder, PackedHeader.fileBytes(key.dataBytes()));
    removeOld(folder, target);
    Files.writeString(
        folder.resolve(SOURCE_FILE), key.source().path() + "\n", StandardCharsets.UTF_8);
  }

  private void copy(Path temporary) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      int[] checksums = new int[PackedHeader.chunks(key.dataBytes())];
      long position = PackedHeader.dataOffset(key.dataBytes());
      for (int i = 0; i < checksums.length; i++) {
        if (cancelled) {
          throw new IOException("the program ends");
        }
        ByteBuffer chunk = PackedCache.chunk(memory, i);
        checksums[i] = PackedHeader.crc(chunk.duplicate());
        position += writeFully(channel, chunk, position);
      }
      released.countDown();
      writeFully(channel, PackedHeader.encode(key, checksums), 0);
      // At the end of the program nobody shall wait for the disk. Nothing is lost by that: a file
      // that a power cut tears is found damaged by its check sums, and written again.
      if (closing.getCount() > 0) {
        channel.force(true);
      }
    }
  }

  static long writeFully(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
    long position = from;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
    return position - from;
  }

  static void requireUnchanged(PackedKey packed) throws IOException {
    if (!SourceStamp.of(packed.source().path()).equals(packed.source())) {
      throw new IOException(packed.source().path() + " has changed since it was opened");
    }
  }

  private static void requireRoom(Path folder, long bytes) throws IOException {
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < bytes + RESERVE_BYTES) {
      throw new IOException(
          "%,d MB and a reserve of %,d MB are needed, and %,d MB are free"
              .formatted(bytes >> 20, RESERVE_BYTES >> 20, usable >> 20));
    }
  }

  /** A home may be made here first, and what else it will hold is its owner's alone. */
  static FileAttribute<?>[] ownerOnly(Path folder) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            && folder.getFileSystem().equals(FileSystems.getDefault())
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  static FileChannel openLock(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Another model object of this process.
    }
  }

  /** What older versions wrote, and what killed writers left. Only under the lock. */
  private static void removeOld(Path folder, Path target) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "{packed-v*,new-*.part}")) {
      for (Path each : files) {
        if (!each.getFileName().equals(target.getFileName())) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  /** Writes now what is not written yet, and returns when the memory is not read any more. */
  @Override
  public void close() {
    closing.countDown();
    try {
      boolean _ = thread.join(LINGER);
      cancelled = true;
      released.await();
    } catch (InterruptedException e) {
      cancelled = true;
      awaitReleased();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReleased() {
    boolean waiting = true;
    while (waiting) {
      try {
        released.await();
        waiting = false;
      } catch (InterruptedException e) {
        waiting = true; // one chunk more, then it sees that it is cancelled
      }
    }
  }
}
