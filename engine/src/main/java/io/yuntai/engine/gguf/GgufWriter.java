package io.yuntai.engine.gguf;

import io.yuntai.engine.quant.TensorType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF version 3: collect metadata and tensors, then {@link #write}.
 *
 * <p>Tensors are streamed one after the other, so a model need not fit memory. What {@link
 * GgufFile} would refuse is refused here by {@link IllegalArgumentException}. Not safe for use by
 * several threads.
 */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int BUFFER_BYTES = 1 << 20;

  private record Planned(TensorType type, List<Long> shape, long bytes, TensorSource source) {}

  private final Map<String, MetadataValue> metadata = new LinkedHashMap<>();
  private final Map<String, Planned> tensors = new LinkedHashMap<>();

  /** Sets a metadata value; {@code general.alignment}, if set, governs the file's layout. */
  public GgufWriter put(String key, MetadataValue value) {
    requireName(key, MetadataReader.MAX_KEY_BYTES);
    if (key.equals("general.alignment")) {
      require(
          value instanceof MetadataValue.Whole(_, long alignment)
              && TensorDirectory.isAlignment(alignment),
          "general.alignment must be a power of two from 8 to 1048576");
    }
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param shape one to four dimensions, the first varying fastest
   * @param source called once during {@link #write}
   */
  public GgufWriter tensor(String name, TensorType type, List<Long> shape, TensorSource source) {
    requireName(name, TensorDirectory.MAX_NAME_BYTES);
    require(!tensors.containsKey(name), "tensor '" + name + "' is added twice");
    require(
        !shape.isEmpty() && shape.size() <= TensorDirectory.MAX_DIMENSIONS,
        "tensor '" + name + "' has " + shape.size() + " dimensions; one to four are allowed");
    require(
        shape.stream().allMatch(dimension -> dimension >= 1 && dimension <= Integer.MAX_VALUE),
        "tensor '" + name + "' has the shape " + shape);
    require(
        shape.getFirst() % type.elementsPerBlock() == 0,
        "tensor '" + name + "' has rows that are no whole number of " + type + " blocks");
    long bytes = type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
    tensors.put(name, new Planned(type, List.copyOf(shape), bytes, source));
    return this;
  }

  /** Adds a tensor whose bytes are at hand; they are read during {@link #write}. */
  public GgufWriter tensor(String name, TensorType type, List<Long> shape, MemorySegment data) {
    return tensor(name, type, shape, target -> new LittleEndianOutput(target).segment(data));
  }

  /** Adds an F32 tensor; {@code values} are read during {@link #write}. */
  public GgufWriter tensor(String name, List<Long> shape, float[] values) {
    return tensor(
        name,
        TensorType.F32,
        shape,
        target -> {
          ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asFloatBuffer().put(values);
          target.write(bytes.array());
        });
  }

  /**
   * Writes the file: first beside the target and to the disk, then moved over it, so that a
   * half-written model never bears its name.
   *
   * @throws IOException where the disk fails, or a {@link TensorSource} does
   * @throws IllegalStateException where a source writes more or fewer bytes than its tensor has
   */
  public void write(Path target) throws IOException {
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    try {
      try (FileChannel channel =
              FileChannel.open(
                  partial,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING);
          OutputStream file =
              new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
        writeTo(file);
        file.flush();
        // Else a power cut soon after the move could leave the name without the bytes.
        channel.force(true);
      }
      Files.move(
          partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** Writes the file's bytes to a stream, which stays open. */
  void writeTo(OutputStream target) throws IOException {
    int alignment =
        new Metadata("the new file", metadata)
            .findInt("general.alignment")
            .orElse(DEFAULT_ALIGNMENT);
    LittleEndianOutput output = new LittleEndianOutput(target);
    writeHeader(output, alignment);
    for (Map.Entry<String, Planned> tensor : tensors.entrySet()) {
      output.pad(alignment);
      long start = output.position();
      tensor.getValue().source.writeTo(output);
      long written = output.position() - start;
      if (written != tensor.getValue().bytes) {
        throw new IllegalStateException(
            "tensor '"
                + tensor.getKey()
                + "' takes "
                + tensor.getValue().bytes
                + " bytes but its source wrote "
                + written);
      }
    }
    output.pad(alignment);
    output.flush();
  }

  private void writeHeader(LittleEndianOutput output, int alignment) throws IOException {
    output.number(GgufFile.MAGIC, 4);
    output.number(VERSION, 4);
    output.number(tensors.size(), 8);
    output.number(metadata.size(), 8);
    for (Map.Entry<String, MetadataValue> entry : metadata.entrySet()) {
      output.text(entry.getKey());
      output.number(entry.getValue().type().id(), 4);
      output.value(entry.getValue());
    }
    long offset = 0;
    for (Map.Entry<String, Planned> entry : tensors.entrySet()) {
      Planned tensor = entry.getValue();
      output.text(entry.getKey());
      output.number(tensor.shape.size(), 4);
      for (long dimension : tensor.shape) {
        output.number(dimension, 8);
      }
      output.number(tensor.type.id(), 4);
      output.number(offset, 8);
      offset += Math.ceilDiv(tensor.bytes, alignment) * alignment;
    }
  }

  private static void requireName(String name, int maxBytes) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    require(
        bytes > 0 && bytes <= maxBytes && !ByteCursor.hasControlCharacters(name),
        "a name must have 1 to " + maxBytes + " bytes and no control characters");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
