package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes this process the only owner of a home's server. The operating system releases the lock when
 * the process ends, however it ends.
 */
final class HomeLock implements AutoCloseable {
  /**
   * The locks of this process. POSIX drops a process's lock on a file as soon as any of its
   * descriptors for that file is closed, so a second opener in the same process must be turned away
   * before it opens the file; for the same reason the holder's id has a file of its own.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int HOLDER_ATTEMPTS = 20;
  private static final long HOLDER_PAUSE_NANOS = 10_000_000;

  private final Path file;
  private final FileChannel channel;

  private HomeLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static HomeLock acquire(ServerHome home) throws IOException {
    Path file = home.root().toRealPath().resolve(home.lock().getFileName());
    if (!HELD.add(file)) {
      throw new DatabaseInUseException(home.home(), ProcessHandle.current().pid());
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DatabaseInUseException(home.home(), holder(home));
      }
      home.writePrivate(home.lockHolder(), ProcessHandle.current().pid() + "\n");
      return new HomeLock(file, channel);
    } catch (IOException | RuntimeException failure) {
      release(file, channel);
      throw failure;
    }
  }

  /** Who holds the lock; waits a moment for a holder that has yet to write it down. */
  private static long holder(ServerHome home) {
    for (int attempt = 0; attempt < HOLDER_ATTEMPTS; attempt++) {
      try {
        long pid = Long.parseLong(Files.readString(home.lockHolder()).strip());
        if (ProcessHandle.of(pid).isPresent()) {
          return pid;
        }
      } catch (IOException | NumberFormatException notYet) {
        // Or never: it may have been killed in between.
      }
      LockSupport.parkNanos(HOLDER_PAUSE_NANOS);
    }
    return 0;
  }

  private static void release(Path file, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(file);
    }
  }

  @Override
  public void close() throws IOException {
    release(file, channel);
  }
}
