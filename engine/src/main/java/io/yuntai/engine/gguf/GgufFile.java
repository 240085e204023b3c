package io.yuntai.engine.gguf;

import io.yuntai.engine.ModelFormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
   * Maps a file and checks everything it says. Of a model in several files, the first stands for
   * all; the others are looked for beside it.
   *
   * @throws ModelFormatException where it is no GGUF file that this engine reads; the message
   *     starts with the file's name
   * @throws IOException where it cannot be read at all
   */
  public static GgufFile open(Path path) throws IOException {
    @SuppressWarnings("MustBeClosedChecker") // the GgufFile closes it
    Arena arena = Arena.ofShared();
    try {
      GgufFile first = map(path, arena);
      long parts = first.metadata.findLong("split.count").orElse(1L);
      return parts > 1 ? join(path, first, parts, arena) : first;
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static GgufFile map(Path path, Arena arena) throws IOException {
    String name = String.valueOf(path.getFileName());
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(name + ": is a folder, not a GGUF file");
    }
    // A pipe would block, a device has no size.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new ModelFormatException(name + ": is not a regular file; copy the model to disk");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return parse(name, bytes, arena);
    }
  }

  /** One file of all parts: the first one's metadata and everybody's tensors. */
  private static GgufFile join(Path path, GgufFile first, long count, Arena arena)
      throws IOException {
    if (count > GgufParts.MAX_PARTS) {
      throw first.refuse(
          "claims to be one of "
              + count
              + " parts; at most "
              + GgufParts.MAX_PARTS
              + " are allowed");
    }
    int parts = (int) count;
    first.requirePart(0, parts, GgufParts.part(path, 0, parts));
    List<TensorInfo> tensors = new ArrayList<>(first.tensors);
    Set<String> names = new HashSet<>(first.tensorsByName.keySet());
    for (int i = 1; i < parts; i++) {
      Path sibling = GgufParts.part(path, i, parts);
      if (!Files.exists(sibling)) {
        throw first.refuse(
            "is part 1 of %d, but part %d is missing: put %s beside it"
                .formatted(parts, i + 1, sibling.getFileName()));
      }
      GgufFile part = map(sibling, arena);
      part.requirePart(i, parts, sibling);
      for (TensorInfo tensor : part.tensors) {
        if (!names.add(tensor.name())) {
          throw part.refuse("has tensor '" + tensor.name() + "', which an earlier part has too");
        }
        tensors.add(tensor);
      }
    }
    long claimed = first.metadata.findLong("split.tensors.count").orElse((long) tensors.size());
    if (claimed != tensors.size()) {
      throw first.refuse(
          "and its other parts should have %d tensors but have %d; fetch them again"
              .formatted(claimed, tensors.size()));
    }
    return new GgufFile(first.name, first.version, first.metadata, List.copyOf(tensors), arena);
  }

  private void requirePart(int index, int count, Path expected) {
    long number = metadata.findLong("split.no").orElse(0L);
    long parts = metadata.findLong("split.count").orElse(1L);
    if (number != index || parts != count) {
      throw refuse(
          index == 0
              ? "is part %d of %d; open the first, %s"
                  .formatted(number + 1, parts, expected.getFileName())
              : "should be part %d of %d but says that it is part %d of %d"
                  .formatted(index + 1, count, number + 1, parts));
    }
  }

  private ModelFormatException refuse(String sentence) {
    return new ModelFormatException(name + ": " + sentence);
  }

  /** Parses the bytes of one file; {@code arena} owns them, and the result closes it. */
  static GgufFile parse(String name, MemorySegment bytes, Arena arena) {
    ByteCursor cursor = new ByteCursor(name, bytes);
    int version = readVersion(cursor, bytes.byteSize());
    long tensorCount = cursor.int64("the header");
    long keyCount = cursor.int64("the header");
    Metadata metadata = new Metadata(name, MetadataReader.read(cursor, keyCount));
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

  /**
   * Gives back the physical memory that tensors' data takes in this process; what is read again
   * comes from the file, or from the system's copy of it.
   */
  public void unload() {
    tensors.forEach(TensorInfo::unload);
  }

  /** Unmaps the file; closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
