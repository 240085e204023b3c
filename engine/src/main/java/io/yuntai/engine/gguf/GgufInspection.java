package io.yuntai.engine.gguf;

import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a GGUF file holds, in forms that people and programs can print. */
public final class GgufInspection {
  /**
   * A tensor without its data.
   *
   * @param shape dimensions, the first varying fastest
   * @param offset bytes from the start of the file
   * @param bytes size of its data
   */
  public record TensorSummary(
      String name, TensorType type, List<Long> shape, long offset, long bytes) {}

  private GgufInspection() {}

  /** All tensors in the file's order. */
  public static List<TensorSummary> tensors(GgufFile file) {
    return file.tensors().stream()
        .map(tensor ->
            new TensorSummary(
                tensor.name(),
                tensor.type(),
                tensor.shape(),
                tensor.offset(),
                tensor.data().byteSize()))
        .toList();
  }

  /**
   * All metadata as plain values that any JSON writer knows: String, Boolean, Long, BigInteger,
   * Float, Double, List.
   *
   * @param maxArrayLength longer arrays become a map {@code {"type": "STRING", "length": 151936}}
   */
  public static Map<String, Object> metadata(GgufFile file, int maxArrayLength) {
    Map<String, Object> plain = new LinkedHashMap<>();
    file.metadata().values().forEach((key, value) -> plain.put(key, plain(value, maxArrayLength)));
    return plain;
  }

  private static Object plain(MetadataValue value, int maxArrayLength) {
    return switch (value) {
      case MetadataValue.Whole whole when whole.exceedsLong() -> new BigInteger(whole.decimal());
      case MetadataValue.Whole whole -> whole.value();
      case MetadataValue.Real(MetadataType type, double real) when type == MetadataType.FLOAT32 ->
          (float) real;
      case MetadataValue.Real real -> real.value();
      case MetadataValue.Flag(boolean flag) -> flag;
      case MetadataValue.Text(String text) -> text;
      case MetadataValue.Array array when array.length() > maxArrayLength -> {
        Map<String, Object> counted = new LinkedHashMap<>();
        counted.put("type", array.elementType().name());
        counted.put("length", array.length());
        yield counted;
      }
      case MetadataValue.Array array -> {
        List<Object> elements = new ArrayList<>(array.length());
        for (MetadataValue element : array.elements(array.length())) {
          elements.add(plain(element, maxArrayLength));
        }
        yield elements;
      }
    };
  }

  /**
   * A value on one line for people: strings quoted, with control characters escaped, arrays by
   * their first elements and length.
   *
   * @param maxCharacters about how long a string may be and an array's elements together
   */
  public static String abbreviate(MetadataValue value, int maxCharacters) {
    return switch (value) {
      case MetadataValue.Whole whole -> whole.decimal();
      case MetadataValue.Real(MetadataType type, double real) when type == MetadataType.FLOAT32 ->
          Float.toString((float) real);
      case MetadataValue.Real real -> Double.toString(real.value());
      case MetadataValue.Flag(boolean flag) -> Boolean.toString(flag);
      case MetadataValue.Text(String text) -> quote(text, maxCharacters);
      case MetadataValue.Array array -> abbreviateArray(array, maxCharacters);
    };
  }

  private static String abbreviateArray(MetadataValue.Array array, int maxCharacters) {
    StringBuilder line = new StringBuilder("[");
    int shown = 0;
    // Every element takes at least a character and a comma.
    for (MetadataValue element : array.elements(maxCharacters / 2)) {
      String next = abbreviate(element, maxCharacters);
      if (line.length() + next.length() > maxCharacters) {
        break;
      }
      line.append(shown == 0 ? "" : ", ").append(next);
      shown++;
    }
    if (shown < array.length()) {
      line.append(shown == 0 ? "..." : ", ...")
          .append(" (")
          .append(array.length())
          .append(" of ")
          .append(array.elementType())
          .append(')');
    }
    return line.append(']').toString();
  }

  private static String quote(String text, int maxCharacters) {
    StringBuilder line = new StringBuilder("\"");
    int[] codePoints = text.codePoints().limit(maxCharacters).toArray();
    for (int codePoint : codePoints) {
      switch (codePoint) {
        case '\n' -> line.append("\\n");
        case '\t' -> line.append("\\t");
        case '\r' -> line.append("\\r");
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        default -> {
          if (Character.isISOControl(codePoint)) {
            line.append("\\u%04x".formatted(codePoint));
          } else {
            line.appendCodePoint(codePoint);
          }
        }
      }
    }
    line.append('"');
    int characters = text.codePointCount(0, text.length());
    if (characters > codePoints.length) {
      line.append("... (").append(characters).append(" characters)");
    }
    return line.toString();
  }

  /**
   * Dequantised elements of a tensor, row after row.
   *
   * @param first index of the first one
   * @param count how many
   * @throws IndexOutOfBoundsException where the tensor has not so many
   */
  public static float[] values(TensorInfo tensor, long first, int count) {
    Objects.checkFromIndexSize(first, count, tensor.rows() * tensor.columns());
    TensorType type = tensor.type();
    int perBlock = type.elementsPerBlock();
    long firstBlock = first / perBlock;
    int skipped = (int) (first % perBlock);
    int blocks = Math.toIntExact(Math.ceilDiv((long) skipped + count, perBlock));
    float[] whole = new float[Math.multiplyExact(blocks, perBlock)];
    Dequantizer.dequantize(
        type, tensor.data(), firstBlock * type.bytesPerBlock(), whole.length, whole, 0);
    return Arrays.copyOfRange(whole, skipped, skipped + count);
  }
}
