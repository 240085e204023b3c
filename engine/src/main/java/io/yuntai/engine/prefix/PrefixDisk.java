package io.yuntai.engine.prefix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A folder of KV blocks of at most so many bytes, for all models of a server. Safe for use by many
 * threads; one thread of its own writes.
 *
 * <p>What the folder holds is found out by that thread first, so that opening takes no time: until
 * then nothing is found here, nothing is taken, and whoever looks a prompt up waits a moment.
 *
 * <p>Blocks read or written longest ago go first, of those the ones farthest from their prompt's
 * beginning. Files and folders are their owner's alone. One process may use a folder at a time.
 */
public final class PrefixDisk implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  /** Blocks copied and not yet written; beyond that, further ones are left to a later step. */
  private static final int WRITES_WAITING_MAX = 64;

  private static final long INDEX_PATIENCE_SECONDS = 5;
  private static final long CLOSE_PATIENCE_SECONDS = 10;

  /** After a failed write (a full disk, most likely) nothing is written for so long. */
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final BlockIndex index;
  private final byte[] secret;

  /** Empty for nothing: whoever closes wakes the writer. */
  private final BlockingQueue<Optional<Write>> writes =
      new ArrayBlockingQueue<>(WRITES_WAITING_MAX);

  private final Thread writer;
  private final CountDownLatch indexed = new CountDownLatch(1);
  private final AtomicLong hitPrompts = new AtomicLong();
  private final AtomicLong missedPrompts = new AtomicLong();
  private final AtomicLong readBlocks = new AtomicLong();
  private final AtomicLong writtenBlocks = new AtomicLong();
  private final AtomicLong damagedBlocks = new AtomicLong();
  private volatile boolean closing;
  private volatile long pausedUntilNanos = System.nanoTime();

  /** A block to be written, in memory of its own. */
  private record Write(PrefixKey key, Arena arena, MemorySegment data) {}

  /**
   * What the folder holds and has done.
   *
   * @param blocks on disk
   * @param bytes on disk
   * @param bytesMax the bound
   * @param hits prompts of which something was found, since the start
   * @param misses prompts of which nothing was found, since the start
   * @param read blocks read since the start
   * @param written blocks written since the start
   * @param evicted blocks that had to go to make room, since the start
   * @param damaged blocks found damaged, and forgotten, since the start
   */
  public record Statistics(
      int blocks,
      long bytes,
      long bytesMax,
      long hits,
      long misses,
      long read,
      long written,
      long evicted,
      long damaged) {}

  /**
   * Opens a folder; makes it where there is none.
   *
   * @param bytesMax most bytes of all files together
   * @throws IOException when the folder can't be made, read or written
   */
  public PrefixDisk(Path folder, long bytesMax) throws IOException {
    PrivateFiles.folder(folder);
    this.secret = PrivateFiles.secret(folder.resolve("secret"));
    this.index = new BlockIndex(folder, bytesMax);
    this.writer = Thread.ofPlatform().daemon().name("yuntai-prefix-writer").start(this::writeAll);
  }

  /**
   * Waits until it is known what the folder holds.
   *
   * @return false when that takes longer than a few seconds, or the thread is interrupted
   */
  boolean awaitIndex() {
    try {
      return indexed.await(INDEX_PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A prompt was looked up. */
  void lookedUp(boolean found) {
    (found ? hitPrompts : missedPrompts).incrementAndGet();
  }

  /** What makes this folder's keys its own. */
  byte[] secret() {
    return secret.clone();
  }

  /** Whether a block is here or about to be. */
  boolean has(PrefixKey key) {
    return index.has(key);
  }

  /**
   * Reads a block. Never throws: what can't be read is forgotten.
   *
   * @param into as long as the block
   * @return whether it is there now
   */
  boolean read(PrefixKey key, MemorySegment into) {
    if (!index.touch(key)) {
      return false;
    }
    try {
      BlockFile.read(index.file(key), key, into);
      readBlocks.incrementAndGet();
      return true;
    } catch (IOException e) {
      // Not yet written, perhaps; a file that is there and bad is worth a line.
      if (!(e instanceof NoSuchFileException)) {
        if (damagedBlocks.getAndIncrement() == 0) {
          LOG.log(
              System.Logger.Level.WARNING,
              "a stored block of a prompt is forgotten; further ones are only counted: " + e);
        }
        index.forget(key);
      }
      return false;
    }
  }

  /**
   * Takes a block to be written soon.
   *
   * @param bytes its length
   * @param fill copies it; called at once, in the caller's thread
   * @return whether it was taken; if not, a later call may be luckier
   */
  boolean offer(PrefixKey key, long bytes, Consumer<MemorySegment> fill) {
    if (closing
        || indexed.getCount() > 0
        || System.nanoTime() - pausedUntilNanos < 0
        || writes.remainingCapacity() == 0) {
      return false;
    }
    @SuppressWarnings("MustBeClosedChecker") // the writer closes it
    Arena arena = Arena.ofShared();
    MemorySegment data = arena.allocate(bytes);
    fill.accept(data);
    if (!index.reserve(key, bytes + BlockFile.HEADER_BYTES)) {
      arena.close();
      return true; // another has written it meanwhile
    }
    if (!writes.offer(Optional.of(new Write(key, arena, data)))) {
      index.forget(key);
      arena.close();
      return false;
    }
    return true;
  }

  /** What there is and was. */
  public Statistics statistics() {
    return new Statistics(
        index.blocks(),
        index.bytes(),
        index.bytesMax(),
        hitPrompts.get(),
        missedPrompts.get(),
        readBlocks.get(),
        writtenBlocks.get(),
        index.evicted(),
        damagedBlocks.get());
  }

  private void writeAll() {
    try {
      index.load();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "prompts are not kept on disk, since what is stored can't be read: " + e);
      closing = true;
    } finally {
      indexed.countDown();
    }
    try {
      while (!closing || !writes.isEmpty()) {
        writes.take().ifPresent(this::write);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      List<Optional<Write>> left = new ArrayList<>();
      writes.drainTo(left);
      left.stream()
          .flatMap(Optional::stream)
          .forEach(write -> {
            index.forget(write.key());
            write.arena().close();
          });
    }
  }

  private void write(Write write) {
    try (Arena _ = write.arena()) {
      index.makeRoom();
      PrivateFiles.folder(index.owner(write.key()));
      BlockFile.write(index.file(write.key()), write.key(), write.data());
      writtenBlocks.incrementAndGet();
    } catch (IOException e) {
      pausedUntilNanos = System.nanoTime() + PAUSE_NANOS;
      index.forget(write.key());
      LOG.log(
          System.Logger.Level.WARNING,
          "a block of a prompt can't be stored; trying again in a minute: " + e);
    }
  }

  /** Writes what waits, for ten seconds at most. */
  @Override
  public void close() {
    closing = true;
    boolean full = !writes.offer(Optional.empty()); // then it is awake
    LOG.log(
        System.Logger.Level.DEBUG,
        "the writer of prompts ends{0}",
        full ? ", with much to write" : "");
    boolean interrupted = false;
    try {
      writer.join(TimeUnit.SECONDS.toMillis(CLOSE_PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    writer.interrupt();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
