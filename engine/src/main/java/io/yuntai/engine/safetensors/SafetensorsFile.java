package io.yuntai.engine.safetensors;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.json.JsonException;
import io.yuntai.engine.json.JsonReader;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapped safetensors file: 8 bytes with the header's length, little-endian; the header, JSON with
 * {@code {"name":{"dtype":"F32","shape":[rows,columns],"data_offsets":[from,to]}}}; the data.
 *
 * <p>Shapes are given as {@link TensorInfo} has them, the dimension that varies fastest first: the
 * reverse of the file's. Tensors of types that are not read (such as I64) are left out; see {@link
 * #unread}.
 */
public final class SafetensorsFile implements AutoCloseable {
  private static final long MAX_HEADER_BYTES = 64 << 20;
  private static final int MAX_DIMENSIONS = 4;

  private final String name;
  private final Arena arena;
  private final Map<String, TensorInfo> tensors;
  private final Set<String> unread;

  private SafetensorsFile(
      String name, Arena arena, Map<String, TensorInfo> tensors, Set<String> unread) {
    this.name = name;
    this.arena = arena;
    this.tensors = tensors;
    this.unread = unread;
  }

  /**
   * Maps a file and checks its header.
   *
   * @throws ModelFormatException for a file that is damaged or none of this format
   * @throws IOException when it can't be read
   */
  public static SafetensorsFile open(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    @SuppressWarnings("MustBeClosedChecker") // closed with the file
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      Set<String> unread = new LinkedHashSet<>();
      Map<String, TensorInfo> tensors = new Header(name, bytes).tensors(unread);
      SafetensorsFile file = new SafetensorsFile(name, arena, tensors, unread);
      opened = true;
      return file;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** All tensors by name, in the header's order. */
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Names of tensors that are left out for their type. */
  public Set<String> unread() {
    return Collections.unmodifiableSet(unread);
  }

  /** A tensor, if the file has it. */
  public Optional<TensorInfo> find(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /**
   * A tensor.
   *
   * @throws ModelFormatException if the file does not have it
   */
  public TensorInfo tensor(String tensor) {
    return find(tensor)
        .orElseThrow(() -> new ModelFormatException(name + " has no tensor " + tensor));
  }

  @Override
  public void close() {
    arena.close();
  }

  private record Header(String file, MemorySegment bytes) {
    private Map<String, TensorInfo> tensors(Set<String> unread) {
      check(bytes.byteSize() >= 8, "it has only " + bytes.byteSize() + " bytes");
      long length = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
      check(
          length >= 2 && length <= Math.min(MAX_HEADER_BYTES, bytes.byteSize() - 8),
          "its header is said to have " + length + " bytes");
      byte[] json = bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
      MemorySegment data = bytes.asSlice(8 + length);
      Map<String, TensorInfo> tensors = new LinkedHashMap<>();
      parse(json)
          .forEach((name, entry) -> {
            if (!name.equals("__metadata__")) {
              tensor(name, entry, data, 8 + length)
                  .ifPresentOrElse(tensor -> tensors.put(name, tensor), () -> unread.add(name));
            }
          });
      return tensors;
    }

    private Map<String, @Nullable Object> parse(byte[] json) {
      try {
        return JsonReader.parseObject(new String(json, StandardCharsets.UTF_8));
      } catch (JsonException e) {
        throw new ModelFormatException(
            file + " is no safetensors file or damaged: in its header " + e.getMessage(), e);
      }
    }

    private Optional<TensorInfo> tensor(
        String name, @Nullable Object entry, MemorySegment data, long dataStart) {
      if (!(entry instanceof Map<?, ?> description)) {
        throw damaged("tensor " + name + " is not described");
      }
      TensorType type = type(String.valueOf(description.get("dtype")));
      if (type == null) {
        return Optional.empty();
      }
      List<Long> shape = new ArrayList<>(numbers(name, "shape", description.get("shape")));
      check(shape.size() <= MAX_DIMENSIONS, "tensor " + name + " has the shape " + shape);
      Collections.reverse(shape);
      if (shape.isEmpty()) {
        shape.add(1L);
      }
      List<Long> offsets = numbers(name, "data_offsets", description.get("data_offsets"));
      long bytes = type.bytes(elements(name, shape));
      check(
          offsets.size() == 2
              && offsets.get(0) <= data.byteSize()
              && offsets.get(1) <= data.byteSize()
              && offsets.get(1) - offsets.get(0) == bytes,
          "tensor %s of the shape %s lies at %s of %d bytes"
              .formatted(name, shape.reversed(), offsets, data.byteSize()));
      return Optional.of(
          new TensorInfo(
              name,
              type,
              List.copyOf(shape),
              dataStart + offsets.getFirst(),
              data.asSlice(offsets.getFirst(), bytes)));
    }

    private long elements(String name, List<Long> shape) {
      long elements = 1;
      for (long dimension : shape) {
        check(
            dimension >= 1 && dimension <= Integer.MAX_VALUE && elements <= Long.MAX_VALUE >> 36,
            "tensor " + name + " has the shape " + shape.reversed());
        elements *= dimension;
      }
      check(elements <= Long.MAX_VALUE >> 4, "tensor " + name + " is too large");
      return elements;
    }

    private static @Nullable TensorType type(String name) {
      return switch (name) {
        case "F32" -> TensorType.F32;
        case "F16" -> TensorType.F16;
        case "BF16" -> TensorType.BF16;
        default -> null;
      };
    }

    private List<Long> numbers(String tensor, String field, @Nullable Object value) {
      if (!(value instanceof List<?> list)) {
        throw damaged("tensor " + tensor + " has no " + field);
      }
      List<Long> numbers = new ArrayList<>();
      for (Object each : list) {
        check(
            each instanceof Long number && number >= 0,
            "tensor %s has the %s %s".formatted(tensor, field, value));
        numbers.add((Long) each);
      }
      return numbers;
    }

    private void check(boolean condition, String complaint) {
      if (!condition) {
        throw damaged(complaint);
      }
    }

    private ModelFormatException damaged(String complaint) {
      return new ModelFormatException(file + " is no safetensors file or damaged: " + complaint);
    }
  }
}
