package io.yuntai.engine.prefix;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which blocks a folder holds, and which go first when it is full. A file's name is its key, its
 * time when it was last read: the index is made anew from them at every start, by {@link #load}.
 *
 * <p>Files lie at {@code OWNER/DIGEST-DEPTH.kv}.
 */
final class BlockIndex {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})-([0-9]{1,9})\\.kv");
  private static final Pattern OWNER = Pattern.compile("[0-9a-f]{16}");

  /** Room is made for more than one block at a time, since looking for the oldest takes a while. */
  private static final double FILLED_TO = 0.95;

  private final Path folder;
  private final long bytesMax;
  private final Map<PrefixKey, Entry> entries = new HashMap<>();
  private long bytes;
  private long evicted;

  private record Entry(long bytes, long usedMillis) {}

  /** Empty until {@link #load}. */
  BlockIndex(Path folder, long bytesMax) {
    this.folder = folder;
    this.bytesMax = bytesMax;
  }

  /**
   * Takes in what the folder holds; once, and before anything is written.
   *
   * @throws IOException when the folder can't be read
   */
  void load() throws IOException {
    Files.walkFileTree(folder, new Reader());
    makeRoom();
  }

  long bytesMax() {
    return bytesMax;
  }

  synchronized int blocks() {
    return entries.size();
  }

  synchronized long bytes() {
    return bytes;
  }

  /** Blocks that had to go to make room, since the start. */
  synchronized long evicted() {
    return evicted;
  }

  Path file(PrefixKey key) {
    return owner(key).resolve(key.digest() + "-" + key.depth() + ".kv");
  }

  /** The folder of a namespace's blocks. */
  Path owner(PrefixKey key) {
    return folder.resolve(key.owner());
  }

  synchronized boolean has(PrefixKey key) {
    return entries.containsKey(key);
  }

  /** Notes that a block is used now, for this start and the next; false when it is not here. */
  boolean touch(PrefixKey key) {
    long now = System.currentTimeMillis();
    synchronized (this) {
      Entry entry = entries.get(key);
      if (entry == null) {
        return false;
      }
      entries.put(key, new Entry(entry.bytes(), now));
    }
    try {
      Files.setLastModifiedTime(file(key), FileTime.fromMillis(now));
    } catch (IOException e) {
      return true; // it is being written, or reading it will tell
    }
    return true;
  }

  /** Adds a block that is about to be written; false when it is here. */
  synchronized boolean reserve(PrefixKey key, long blockBytes) {
    Entry entry = new Entry(blockBytes, System.currentTimeMillis());
    if (entries.putIfAbsent(key, entry) != null) {
      return false;
    }
    bytes += blockBytes;
    return true;
  }

  /** Forgets a block and deletes its file. */
  void forget(PrefixKey key) {
    synchronized (this) {
      Entry entry = entries.remove(key);
      if (entry == null) {
        return;
      }
      bytes -= entry.bytes();
    }
    delete(file(key));
  }

  /** Forgets what was used longest ago until the bound holds again, with some room to spare. */
  void makeRoom() {
    List<PrefixKey> oldestFirst;
    synchronized (this) {
      if (bytes <= bytesMax) {
        return;
      }
      oldestFirst =
          entries.entrySet().stream()
              .sorted(
                  Comparator.<Map.Entry<PrefixKey, Entry>>comparingLong(
                          entry -> entry.getValue().usedMillis())
                      .thenComparingInt(entry -> -entry.getKey().depth()))
              .map(Map.Entry::getKey)
              .toList();
    }
    for (PrefixKey key : oldestFirst) {
      if (bytes() <= bytesMax * FILLED_TO) {
        return;
      }
      forget(key);
      synchronized (this) {
        evicted++;
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a stored block can't be deleted: " + e);
    }
  }

  /** Takes in what is a block by its name; deletes drafts of a killed process. */
  private final class Reader extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Path parent = file.getParent();
      String owner = parent == null ? "" : String.valueOf(parent.getFileName());
      Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
      if (!OWNER.matcher(owner).matches()) {
        return FileVisitResult.CONTINUE;
      }
      if (name.matches()) {
        PrefixKey key = new PrefixKey(owner, name.group(1), Integer.parseInt(name.group(2)));
        Entry entry = new Entry(attributes.size(), attributes.lastModifiedTime().toMillis());
        synchronized (BlockIndex.this) {
          entries.put(key, entry);
          bytes += attributes.size();
        }
      } else {
        delete(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
