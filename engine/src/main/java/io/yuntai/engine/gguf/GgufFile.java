package io.yuntai.engine.gguf;

import io.yuntai.engine.ModelFormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file (version 2 or 3, little-endian), mapped read-only.
 *
 * <p>Immutable and safe for use by many threads. Opening reads only the header, the metadata and
 * the tensor list; heap use is bounded by what those really hold. After {@link #close()} tensor
 * data and array metadata must not be read; doing so is an {@link IllegalStateException}.
 *
 * <p>Source of the format: the GGUF specification in ggml's repository.
 */
public final class GgufFile implements AutoCloseable {
  static final int MAGIC = 0x4655_4747;
  private static final int HEADER_BYTES = 24;
  private static final int DEFAULT_ALIGNMENT = 32;

  private final String name;
  private final int version;
  private final Metadata metadata;
  private final List<TensorInfo> tensors;
  private final Map<String, TensorInfo> tensorsByName;
  private final Arena arena;

  private GgufFile(
      String name, int version, Metadata metadata, List<TensorInfo> tensors, Arena arena) {
    this.name = name;
    this.version = version;
    this.metadata = metadata;
    this.tensors = tensors;
    this.tensorsByName = HashMap.newHashMap(tensors.size());
    for (TensorInfo tensor : tensors) {
      tensorsByName.put(tensor.name(), tensor);
    }
    this.arena = arena;
  }

  /**
   * Maps a file and checks everything it says.
   *
   * @throws ModelFormatException where it is no GGUF file that this engine reads; the message
   *     starts with the file's name
   * @throws IOException where it cannot be read at all
   */
  public static GgufFile open(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(name + ": is a folder, not a GGUF file");
    }
    // A pipe would block, a device has no size.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new ModelFormatException(name + ": is not a regular file; copy the model to disk");
    }
    @SuppressWarnings("MustBeClosedChecker") // the GgufFile closes it
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return parse(name, bytes, arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Parses bytes that {@code arena} owns; the result closes it. */
  static GgufFile parse(String name, MemorySegment bytes, Arena arena) {
    ByteCursor cursor = new ByteCursor(name, bytes);
    int version = readVersion(cursor, bytes.byteSize());
    long tensorCount = cursor.int64("the header");
    long keyCount = cursor.int64("the header");
    Metadata metadata = new Metadata(name, MetadataReader.read(cursor, keyCount));
    refuseSplit(cursor, metadata);
    long alignment = metadata.findLong("general.alignment").orElse((long) DEFAULT_ALIGNMENT);
    List<TensorInfo> tensors = new TensorDirectory(cursor, bytes).read(tensorCount, alignment);
    return new GgufFile(name, version, metadata, tensors, arena);
  }

  private static int readVersion(ByteCursor cursor, long fileBytes) {
    if (fileBytes < HEADER_BYTES) {
      throw cursor.refuse(
          "is " + fileBytes + " bytes long, too short for a GGUF file; fetch it again");
    }
    if (cursor.int32("the header") != MAGIC) {
      throw cursor.refuse("is not a GGUF file: it does not start with 'GGUF'");
    }
    int version = cursor.int32("the header");
    if (version == 2 || version == 3) {
      return version;
    }
    int swapped = Integer.reverseBytes(version);
    if (swapped >= 1 && swapped <= 3) {
      throw cursor.refuse(
          "is a big-endian GGUF file, which is not supported; convert it to little-endian");
    }
    throw cursor.refuse(
        "has GGUF version "
            + Integer.toUnsignedString(version)
            + ", but only versions 2 and 3 are supported"
            + (version == 1 ? "; convert the model again" : ""));
  }

  private static void refuseSplit(ByteCursor cursor, Metadata metadata) {
    long parts = metadata.findLong("split.count").orElse(1L);
    if (parts > 1) {
      throw cursor.refuse(
          "is one of "
              + parts
              + " parts, and split GGUF files are not supported yet; merge the parts into one file");
    }
  }

  /** The file's name without its folder. */
  public String name() {
    return name;
  }

  /** 2 or 3. */
  public int version() {
    return version;
  }

  /** Metadata in the file's order. */
  public Metadata metadata() {
    return metadata;
  }

  /** Tensors in the file's order. */
  public List<TensorInfo> tensors() {
    return tensors;
  }

  /** The tensor with this name. */
  public Optional<TensorInfo> findTensor(String tensorName) {
    return Optional.ofNullable(tensorsByName.get(tensorName));
  }

  /**
   * The tensor with this name.
   *
   * @throws ModelFormatException where the file has none
   */
  public TensorInfo tensor(String tensorName) {
    return findTensor(tensorName)
        .orElseThrow(
            () -> new ModelFormatException(name + ": tensor '" + tensorName + "' is missing"));
  }

  /** Unmaps the file; closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
