package io.yuntai.engine.adapter;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.quant.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.IntUnaryOperator;

/** Makes adapters of random numbers, matrix by matrix, in both kinds of files. */
public final class RandomAdapter {
  private final String architecture;
  private final float alpha;
  private final Random random;
  private final Map<String, Pair> pairs = new LinkedHashMap<>();

  /** A and B of one matrix, row after row. */
  public record Pair(int columns, int rows, int rank, float[] down, float[] up) {}

  public RandomAdapter(String architecture, float alpha, long seed) {
    this.architecture = architecture;
    this.alpha = alpha;
    this.random = new Random(seed);
  }

  /**
   * Adds to a matrix.
   *
   * @param name in GGUF, without {@code .weight}
   */
  public RandomAdapter add(String name, int columns, int rows, int rank) {
    float[] down = numbers(rank * columns, 1 / Math.sqrt(columns));
    float[] up = numbers(rows * rank, 1 / Math.sqrt(rank));
    pairs.put(name, new Pair(columns, rows, rank, down, up));
    return this;
  }

  private float[] numbers(int count, double deviation) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      // Few enough bits for F16 and BF16 to keep them.
      numbers[i] = (float) Math.rint(deviation * random.nextGaussian() * 64) / 64;
    }
    return numbers;
  }

  /** What is added to each matrix. */
  public Map<String, Pair> pairs() {
    return pairs;
  }

  /** The factor of a matrix. */
  public double scale(Pair pair) {
    return alpha / pair.rank;
  }

  /** A writer with everything that llama.cpp's converter writes, to change and write. */
  public GgufWriter gguf(TensorType type) {
    GgufWriter writer = new GgufWriter();
    writer.put("general.type", MetadataValue.text("adapter"));
    writer.put("general.architecture", MetadataValue.text(architecture));
    writer.put("adapter.type", MetadataValue.text("lora"));
    writer.put("adapter.lora.alpha", MetadataValue.float32(alpha));
    pairs.forEach((name, pair) -> {
      writer.tensor(
          name + ".weight.lora_a",
          type,
          List.of((long) pair.columns, (long) pair.rank),
          MemorySegment.ofArray(bytes(pair.down, type)));
      writer.tensor(
          name + ".weight.lora_b",
          type,
          List.of((long) pair.rank, (long) pair.rows),
          MemorySegment.ofArray(bytes(pair.up, type)));
    });
    return writer;
  }

  /** Writes a GGUF file. */
  public Path writeGguf(Path file, TensorType type) {
    try {
      gguf(type).write(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a folder as the peft library does.
   *
   * @param modules the checkpoint's name of each matrix
   * @param order where a row of a matrix stands in the checkpoint's
   */
  public Path writePeft(Path folder, TensorType type, Map<String, String> modules, RowOrder order) {
    int rank = pairs.values().iterator().next().rank;
    String config =
        "{\"peft_type\":\"LORA\",\"r\":%d,\"lora_alpha\":%s,\"bias\":\"none\",\"rank_pattern\":{%s}}";
    StringJoiner ranks = new StringJoiner(",");
    Map<String, byte[]> tensors = new LinkedHashMap<>();
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    pairs.forEach((name, pair) -> {
      String module = modules.get(name);
      ranks.add("\"%s\":%d".formatted(module, pair.rank));
      String prefix = "base_model.model." + module + ".lora_";
      tensors.put(prefix + "A.weight", bytes(pair.down, type));
      shapes.put(prefix + "A.weight", List.of(pair.rank, pair.columns));
      float[] up = new float[pair.up.length];
      IntUnaryOperator to = order.of(name);
      for (int row = 0; row < pair.rows; row++) {
        System.arraycopy(pair.up, row * pair.rank, up, to.applyAsInt(row) * pair.rank, pair.rank);
      }
      tensors.put(prefix + "B.weight", bytes(up, type));
      shapes.put(prefix + "B.weight", List.of(pair.rows, pair.rank));
    });
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(PeftReader.CONFIG), config.formatted(rank, alpha, ranks.toString()));
      Files.write(folder.resolve(PeftReader.WEIGHTS), safetensors(type, tensors, shapes));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where rows of a matrix stand in a checkpoint. */
  @FunctionalInterface
  public interface RowOrder {
    /** As in GGUF. */
    RowOrder SAME = _ -> row -> row;

    IntUnaryOperator of(String matrix);
  }

  static byte[] safetensors(
      TensorType type, Map<String, byte[]> tensors, Map<String, List<Integer>> shapes) {
    StringJoiner header = new StringJoiner(",", "{", "}");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach((name, bytes) -> {
      header.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(name, type, shapes.get(name), data.size(), data.size() + bytes.length));
      data.writeBytes(bytes);
    });
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data.toByteArray())
        .array();
  }

  /** Numbers as a file has them; blocks of Q8_0 are made as plainly as can be. */
  private static byte[] bytes(float[] numbers, TensorType type) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) type.bytes(numbers.length)).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case F32 -> bytes.asFloatBuffer().put(numbers);
      case F16 -> {
        for (float number : numbers) {
          bytes.putShort(Float.floatToFloat16(number));
        }
      }
      case BF16 -> {
        for (float number : numbers) {
          bytes.putShort((short) (Float.floatToRawIntBits(number) >> 16));
        }
      }
      case Q8_0 -> {
        for (int i = 0; i < numbers.length; i++) {
          if (i % 32 == 0) {
            bytes.putShort(Float.floatToFloat16(0x1p-6f));
          }
          bytes.put((byte) Math.rint(numbers[i] * 64));
        }
      }
      default -> throw new IllegalArgumentException(type + " is not made here");
    }
    return bytes.array();
  }
}
