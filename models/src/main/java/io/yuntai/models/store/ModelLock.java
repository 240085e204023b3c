package io.yuntai.models.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The right to change one model's folders, across threads and processes.
 *
 * <p>The operating system holds it, so it ends with its process however that dies. The file stays
 * where it is, for a deleted one could be locked by two; an old one means nothing. The locked byte
 * lies far behind the text that says who holds it, for some systems forbid others to read locked
 * bytes.
 */
public final class ModelLock implements AutoCloseable {
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
  private static final int HOLDER_BYTES_MAX = 200;
  private static final long POLL_MILLIS = 100;

  private final FileChannel channel;

  private ModelLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting for its holder if need be.
   *
   * @param waiting hears once who holds it
   * @throws InterruptedException the only end of waiting but the holder's
   */
  static ModelLock take(Path file, Consumer<String> waiting)
      throws IOException, InterruptedException {
    boolean told = false;
    while (true) {
      ModelLock lock = tryTake(file);
      if (lock != null) {
        return lock;
      }
      if (!told) {
        told = true;
        waiting.accept(holder(file));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Takes the lock if it is free, else gives null. */
  static @Nullable ModelLock tryTake(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock != null) {
        byte[] holder =
            ("process " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        channel.truncate(0).write(ByteBuffer.wrap(holder), 0);
        return new ModelLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process holds it.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  /** Who holds the lock, as far as the file says. */
  static String holder(Path file) {
    try {
      String text = Files.size(file) > HOLDER_BYTES_MAX ? "" : Files.readString(file).strip();
      return text.isEmpty() ? "another process" : text;
    } catch (IOException e) {
      return "another process";
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is given up all the same, and the lock with it.
    }
  }
}
