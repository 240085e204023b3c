package io.yuntai.ledger.simulation;

import io.yuntai.ledger.journal.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A disk that breaks off in the middle of a write when it is told to. */
final class SimDisk implements Disk {
  /** The process is killed. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  private static final class File {
    byte[] bytes;
    int position;
    byte[] forced;

    /** Before it, both are the same. */
    int forcedTo;

    File(int size) {
      this.bytes = new byte[size];
      this.forced = new byte[size];
    }
  }

  private final Map<String, File> files = new TreeMap<>();
  private final RandomGenerator random;

  /** In so many writes or forces the process is killed; negative for never. */
  long killIn = -1;

  /** Whether there is no room for a further file. */
  boolean full;

  /** What goes wrong on purpose. */
  boolean forgetsToForce;

  boolean dropsWrites;

  boolean readsShort;

  boolean deletesEarly;

  SimDisk(RandomGenerator random) {
    this.random = random;
  }

  /** What is there after the process has ended; the machine may have, too. */
  void crash(boolean power) {
    killIn = -1;
    for (File file : files.values()) {
      if (power) {
        byte[] left = file.forced.clone();
        // Nothing, all or a part of what was not forced had reached the disk.
        int torn =
            switch (random.nextInt(3)) {
              case 0 -> 0;
              case 1 -> file.position;
              default -> random.nextInt(file.position + 1);
            };
        System.arraycopy(file.bytes, 0, left, 0, torn);
        file.bytes = left;
      }
      file.forced = file.bytes.clone();
      file.forcedTo = file.position;
    }
  }

  private void mayBeKilled() {
    if (killIn >= 0 && killIn-- == 0) {
      throw new Killed();
    }
  }

  @Override
  public List<String> list() {
    return new ArrayList<>(files.keySet());
  }

  @Override
  public byte[] read(String name) throws IOException {
    byte[] bytes = file(name).bytes.clone();
    return readsShort ? Arrays.copyOf(bytes, bytes.length / 4) : bytes;
  }

  private File file(String name) throws IOException {
    File file = files.get(name);
    if (file == null) {
      throw new IOException("no " + name);
    }
    return file;
  }

  @Override
  public Appender create(String name, int bytes) throws IOException {
    if (full) {
      throw new IOException("no space left");
    }
    if (deletesEarly) {
      files.clear();
    }
    File file = new File(bytes);
    files.put(name, file);
    return new Appender() {
      @Override
      public void write(byte[] from, int length) {
        if (killIn == 0 && random.nextBoolean()) {
          int part = random.nextInt(length + 1);
          System.arraycopy(from, 0, file.bytes, file.position, part);
          file.position += part;
        }
        mayBeKilled();
        if (!dropsWrites || random.nextInt(20) > 0) {
          System.arraycopy(from, 0, file.bytes, file.position, length);
        }
        file.position += length;
        mayBeKilled();
      }

      @Override
      public void force() {
        mayBeKilled();
        if (!forgetsToForce) {
          int begin = file.forcedTo;
          System.arraycopy(file.bytes, begin, file.forced, begin, file.position - begin);
          file.forcedTo = file.position;
        }
        mayBeKilled();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public void close() {}

  /** For messages. */
  @Override
  public String toString() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    return files.keySet() + " " + all.size();
  }
}
