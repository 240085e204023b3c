package io.yuntai.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One server per home: a lock of the operating system, gone with the process however it ends. */
final class ServerLock implements AutoCloseable {
  private final FileChannel channel;

  private ServerLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws ServerRunningException when another process has it
   */
  static ServerLock take(HomeDirectory home) {
    Path file = home.lockFile();
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        long holder = holder(channel);
        channel.close();
        throw new ServerRunningException(home, holder);
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
          0);
      return new ServerLock(channel);
    } catch (IOException e) {
      throw new StartException("The lock " + file + " can't be taken: " + e.getMessage(), e);
    }
  }

  /** Null when it is held; {@code tryLock} itself says so by exception within one process. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** The process that holds the lock of this home; empty when none does. */
  static OptionalLong holder(HomeDirectory home) {
    if (!Files.exists(home.lockFile())) {
      return OptionalLong.empty();
    }
    try (FileChannel channel =
        FileChannel.open(home.lockFile(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileLock lock = tryLock(channel);
      return lock == null ? OptionalLong.of(holder(channel)) : OptionalLong.empty();
    } catch (IOException e) {
      throw new StartException(
          "The lock " + home.lockFile() + " can't be looked at: " + e.getMessage(), e);
    }
  }

  private static long holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String digits = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
