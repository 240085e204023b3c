package io.yuntai.engine.packed;

import io.yuntai.engine.NotEnoughMemoryException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The packed weights of one model on disk: read at a start if they fit the model file, else written
 * for the next one.
 *
 * <p>A failure of any kind means that the weights are packed in memory as if there were no cache.
 * For one load of one model; {@link #close} ends it.
 */
public final class PackedCache implements AutoCloseable {
  /** For models that are always packed anew. */
  public static final PackedCache NONE = new PackedCache(null, null);

  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  private final @Nullable SourceStamp source;
  private final @Nullable Path folder;
  private @Nullable PackedWriter writer;

  private PackedCache(@Nullable SourceStamp source, @Nullable Path folder) {
    this.source = source;
    this.folder = folder;
  }

  /**
   * The cache of a model file, which must not have been opened yet.
   *
   * @param folder holds this model's packed weights and nothing else; made when they are written
   */
  public static PackedCache of(Path model, Path folder) {
    try {
      return new PackedCache(SourceStamp.of(model), folder);
    } catch (IOException e) {
      return NONE; // opening the model will say what is wrong
    }
  }

  /**
   * Fills memory with a model's packed weights: from disk, else by packing them, in which case they
   * are written to disk a little later.
   *
   * @param matrices whose places in {@code memory} are to be filled; in their order there
   * @param memory zeroed; readable until {@link #close} returns
   * @param team does the work
   * @param packing packs all matrices
   */
  public void fill(
      GgufFile file,
      List<PackedMatrix> matrices,
      MemorySegment memory,
      WorkerTeam team,
      Runnable packing) {
    if (source == null || folder == null) {
      packing.run();
      return;
    }
    PackedKey key = PackedKey.of(source, file, matrices, memory);
    if (!read(path(folder), key, memory, team)) {
      packing.run();
      writer = PackedWriter.start(folder, key, memory);
    }
  }

  private static boolean read(Path path, PackedKey key, MemorySegment memory, WorkerTeam team) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      int[] checksums = PackedHeader.read(channel, key);
      long offset = PackedHeader.dataOffset(key.dataBytes());
      verify(
          checksums,
          team,
          chunk -> {
            ByteBuffer buffer = chunk(memory, chunk);
            PackedHeader.readFully(
                channel, buffer, offset + (long) chunk * PackedHeader.CHUNK_BYTES);
            return buffer.flip();
          });
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      tell(path, e);
      memory.fill((byte) 0);
      return false;
    }
  }

  /**
   * Maps packed weights, for a model that fits into memory once but not twice.
   *
   * @param matrices as they would lie in {@code memory}
   * @param arena unmaps them
   * @return as {@code memory}, verified; null where there are none that fit
   */
  public @Nullable MemorySegment map(
      GgufFile file,
      List<PackedMatrix> matrices,
      MemorySegment memory,
      Arena arena,
      WorkerTeam team) {
    if (source == null || folder == null) {
      return null;
    }
    PackedKey key = PackedKey.of(source, file, matrices, memory);
    Path path = path(folder);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      int[] checksums = PackedHeader.read(channel, key);
      MemorySegment mapped =
          channel.map(
              FileChannel.MapMode.READ_ONLY,
              PackedHeader.dataOffset(key.dataBytes()),
              key.dataBytes(),
              arena);
      verify(checksums, team, chunk -> chunk(mapped, chunk));
      return mapped;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      tell(path, e);
      return null;
    }
  }

  /**
   * Maps packed weights, for a model that does not fit into memory; makes their file first where
   * there is none.
   *
   * @param matrices as they would lie in {@code nowhere}
   * @param nowhere as long as the packed weights; never read
   * @param arena unmaps them
   * @param packing packs all matrices into the memory that it is given
   * @return as {@code nowhere}, verified
   * @throws NotEnoughMemoryException where the disk does not take them, either
   */
  public MemorySegment mapOrBuild(
      GgufFile file,
      List<PackedMatrix> matrices,
      MemorySegment nowhere,
      Arena arena,
      WorkerTeam team,
      Consumer<MemorySegment> packing) {
    if (source == null || folder == null) {
      throw new IllegalStateException("weights on disk need a folder");
    }
    MemorySegment mapped;
    try {
      FileTime seen = PackedBuilder.written(path(folder));
      mapped = map(file, matrices, nowhere, arena, team);
      if (mapped != null) {
        return mapped;
      }
      new PackedBuilder(folder, PackedKey.of(source, file, matrices, nowhere), seen)
          .build(packing::accept);
    } catch (IOException e) {
      throw new NotEnoughMemoryException(
          "%s is larger than memory, and its packed weights can't be kept in %s: %s"
              .formatted(file.name(), folder, e.getMessage()));
    }
    mapped = map(file, matrices, nowhere, arena, team);
    if (mapped == null) {
      throw new NotEnoughMemoryException(
          "%s is larger than memory, and its packed weights in %s can't be read"
              .formatted(file.name(), folder));
    }
    return mapped;
  }

  private static void tell(Path path, IOException failure) {
    LOG.log(
        System.Logger.Level.DEBUG,
        "the packed weights in {0} are not used: {1}; packing again",
        path,
        failure.getMessage());
  }

  private interface ChunkSource {
    ByteBuffer get(int chunk) throws IOException;
  }

  /**
   * Takes all chunks with all workers. Every byte is checked at every start: with the bytes in the
   * core's cache anyway it costs a few milliseconds per 100 MB, and a wrong bit in a weight would
   * never be noticed.
   */
  private static void verify(int[] checksums, WorkerTeam team, ChunkSource chunks)
      throws IOException {
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    team.run(
        checksums.length,
        (chunk, worker) -> {
          if (failure.get() != null) {
            return;
          }
          try {
            if (PackedHeader.crc(chunks.get(chunk)) != checksums[chunk]) {
              failure.compareAndSet(null, new IOException("they are damaged"));
            }
          } catch (IOException e) {
            failure.compareAndSet(null, e);
          }
        });
    IOException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  /** Waits for writing to end, but not for long; afterwards the weights are not read any more. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }

  static Path path(Path folder) {
    return folder.resolve("packed-v" + PackedMatrix.LAYOUT_VERSION + ".weights");
  }

  static ByteBuffer chunk(MemorySegment memory, int chunk) {
    long from = (long) chunk * PackedHeader.CHUNK_BYTES;
    long bytes = Math.min(PackedHeader.CHUNK_BYTES, memory.byteSize() - from);
    return memory.asSlice(from, bytes).asByteBuffer();
  }
}
