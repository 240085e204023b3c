package io.yuntai.ledger.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of this machine, for one process at a time. */
public final class FolderDisk implements Disk {
  private static final String LOCK = "lock";
  private static final int PIECE_BYTES = 1 << 16;

  private final Path folder;
  private final FileChannel lock;

  private FolderDisk(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes a folder, and makes it where there is none.
   *
   * @throws JournalException when another process has it, or it can't be written
   */
  public static FolderDisk open(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new JournalException(
            "The journal "
                + folder
                + " belongs to another running server: give each server a home of its own, or stop"
                + " the other one.");
      }
      return new FolderDisk(folder, channel);
    } catch (IOException e) {
      throw new JournalException("The journal " + folder + " can't be opened: " + e, e);
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

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(LOCK))
          .toList();
    }
  }

  @Override
  public byte[] read(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  @Override
  public Appender create(String name, int bytes) throws IOException {
    Path file = folder.resolve(name);
    boolean made = false;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE_BYTES);
      for (int at = 0; at < bytes; ) {
        zeros.clear().limit(Math.min(PIECE_BYTES, bytes - at));
        at += channel.write(zeros, at);
      }
      channel.force(true);
      forceFolder();
      made = true;
    } finally {
      if (!made) {
        Files.deleteIfExists(file);
      }
    }
    return new FileAppender(file);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  /** A new name is on disk when its folder is; where folders can't be opened, nobody can say. */
  private void forceFolder() throws IOException {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new JournalException(
          "The journal's lock in " + folder + " can't be given back: " + e, e);
    }
  }

  /**
   * Request threads write and force, and an interrupt closes a {@link FileChannel} under them all.
   * A {@link RandomAccessFile} goes on writing; only a channel can force without the file's times,
   * and one that was closed by an interrupt is opened again: forcing any of a file's channels
   * forces what was written by all.
   */
  private static final class FileAppender implements Appender {
    private final RandomAccessFile file;
    private final Path path;
    private volatile FileChannel channel;

    FileAppender(Path path) throws IOException {
      this.path = path;
      this.file = new RandomAccessFile(path.toFile(), "rw");
      this.channel = FileChannel.open(path, StandardOpenOption.WRITE);
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
      file.write(bytes, 0, length);
    }

    @Override
    public void force() throws IOException {
      boolean interrupted = Thread.interrupted();
      try {
        while (true) {
          try {
            channel.force(false);
            return;
          } catch (ClosedByInterruptException e) {
            interrupted |= Thread.interrupted();
            channel = FileChannel.open(path, StandardOpenOption.WRITE);
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void close() throws IOException {
      try (file;
          FileChannel _ = channel) {
        // both
      }
    }
  }
}
