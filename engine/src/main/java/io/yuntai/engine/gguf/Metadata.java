package io.yuntai.engine.gguf;

import io.yuntai.engine.ModelFormatException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file's metadata in the file's order, read by type.
 *
 * <p>Getters without {@code find} require the key. A missing key, a value of another type and a
 * number out of range are {@link ModelFormatException}s that name the file, the key and what is
 * there. Whole numbers may have any width in the file, floats either. Arrays are decoded anew at
 * each call.
 */
public final class Metadata {
  private final String fileName;
  private final Map<String, MetadataValue> values;

  /**
   * @param fileName starts every message
   * @param values in order
   */
  public Metadata(String fileName, Map<String, MetadataValue> values) {
    this.fileName = fileName;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** All values by key, in the file's order. */
  public Map<String, MetadataValue> values() {
    return values;
  }

  /** The value as the file has it. */
  public Optional<MetadataValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** A string. */
  public String string(String key) {
    return require(key, findString(key));
  }

  /** A string; empty where the key is missing. */
  public Optional<String> findString(String key) {
    return find(key)
        .map(value ->
            switch (value) {
              case MetadataValue.Text(String text) -> text;
              default -> throw mismatch(key, value, "a string");
            });
  }

  /** A whole number within a Java int. */
  public int intValue(String key) {
    return require(key, findInt(key));
  }

  /** A whole number within a Java int; empty where the key is missing. */
  public Optional<Integer> findInt(String key) {
    return find(key).map(value -> toInt(key, value));
  }

  /** A whole number within a Java long. */
  public long longValue(String key) {
    return require(key, findLong(key));
  }

  /** A whole number within a Java long; empty where the key is missing. */
  public Optional<Long> findLong(String key) {
    return find(key).map(value -> toLong(key, value));
  }

  /** A floating-point number; a FLOAT64 is rounded. */
  public float floatValue(String key) {
    return require(key, findFloat(key));
  }

  /** A floating-point number; empty where the key is missing. */
  public Optional<Float> findFloat(String key) {
    return find(key).map(value -> toFloat(key, value));
  }

  /** A truth value. */
  public boolean bool(String key) {
    return require(key, findBool(key));
  }

  /** A truth value; empty where the key is missing. */
  public Optional<Boolean> findBool(String key) {
    return find(key).map(value -> toBool(key, value));
  }

  /** An array of strings, each valid UTF-8. */
  public List<String> strings(String key) {
    return require(key, findStrings(key));
  }

  /** An array of strings; empty where the key is missing. */
  public Optional<List<String>> findStrings(String key) {
    return find(key)
        .map(value ->
            switch (value) {
              case MetadataValue.Array array when array.elementType() == MetadataType.STRING ->
                  decodeStrings(key, array);
              default -> throw mismatch(key, value, "an array of strings");
            });
  }

  /** An array of whole numbers, each within a Java int. */
  public int[] ints(String key) {
    return require(key, findInts(key));
  }

  /** An array of whole numbers; empty where the key is missing. */
  public Optional<int[]> findInts(String key) {
    return find(key)
        .map(value ->
            switch (value) {
              case MetadataValue.Array array when array.elementType().isInteger() ->
                  decodeInts(key, array);
              default -> throw mismatch(key, value, "an array of whole numbers");
            });
  }

  /** An array of floating-point numbers; FLOAT64 is rounded. */
  public float[] floats(String key) {
    return require(key, findFloats(key));
  }

  /** An array of floating-point numbers; empty where the key is missing. */
  public Optional<float[]> findFloats(String key) {
    return find(key)
        .map(value ->
            switch (value) {
              case MetadataValue.Array array when array.elementType().isFloat() ->
                  decodeFloats(array);
              default -> throw mismatch(key, value, "an array of floating-point numbers");
            });
  }

  /** An array of truth values. */
  public boolean[] bools(String key) {
    return require(key, findBools(key));
  }

  /** An array of truth values; empty where the key is missing. */
  public Optional<boolean[]> findBools(String key) {
    return find(key)
        .map(value ->
            switch (value) {
              case MetadataValue.Array array when array.elementType() == MetadataType.BOOL ->
                  decodeBools(array);
              default -> throw mismatch(key, value, "an array of truth values");
            });
  }

  private <T> T require(String key, Optional<T> value) {
    return value.orElseThrow(() -> refuse("metadata '" + key + "' is missing"));
  }

  private int toInt(String key, MetadataValue value) {
    long number = toLong(key, value);
    if (number != (int) number) {
      throw refuse("metadata '" + key + "' is " + number + ", which does not fit a 32-bit number");
    }
    return (int) number;
  }

  private long toLong(String key, MetadataValue value) {
    if (!(value instanceof MetadataValue.Whole whole)) {
      throw mismatch(key, value, "a whole number");
    }
    if (whole.exceedsLong()) {
      throw refuse(
          "metadata '" + key + "' is " + whole.decimal() + ", which does not fit a 64-bit number");
    }
    return whole.value();
  }

  private float toFloat(String key, MetadataValue value) {
    return switch (value) {
      case MetadataValue.Real real -> (float) real.value();
      default -> throw mismatch(key, value, "a floating-point number");
    };
  }

  private boolean toBool(String key, MetadataValue value) {
    return switch (value) {
      case MetadataValue.Flag(boolean flag) -> flag;
      default -> throw mismatch(key, value, "a truth value");
    };
  }

  private ModelFormatException mismatch(String key, MetadataValue value, String wanted) {
    String actual =
        value instanceof MetadataValue.Array array
            ? "an ARRAY of " + array.elementType()
            : value.type().name();
    return refuse("metadata '" + key + "' should be " + wanted + " but is " + actual);
  }

  private ModelFormatException refuse(String sentence) {
    return new ModelFormatException(fileName + ": " + sentence);
  }

  /** One pass over one copy: a vocabulary of 150,000 strings takes milliseconds. */
  private List<String> decodeStrings(String key, MetadataValue.Array array) {
    byte[] encoded = array.encoded().toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer lengths = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    List<String> strings = new ArrayList<>(array.length());
    int position = 0;
    for (int i = 0; i < array.length(); i++) {
      int length = (int) lengths.getLong(position);
      String text = new String(encoded, position + 8, length, StandardCharsets.UTF_8);
      // Only a malformed string, or one that really holds U+FFFD, needs the slow check.
      if (text.indexOf('\uFFFD') >= 0
          && isMalformed(ByteBuffer.wrap(encoded, position + 8, length))) {
        throw refuse("metadata '" + key + "' is not valid UTF-8 at index " + i);
      }
      strings.add(text);
      position += 8 + length;
    }
    return Collections.unmodifiableList(strings);
  }

  private static boolean isMalformed(ByteBuffer utf8) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(utf8);
      return false;
    } catch (CharacterCodingException e) {
      return true;
    }
  }

  private int[] decodeInts(String key, MetadataValue.Array array) {
    if (array.elementType() == MetadataType.INT32) {
      return array.encoded().toArray(ByteCursor.INT);
    }
    ByteCursor cursor = new ByteCursor(fileName, array.encoded());
    int[] ints = new int[array.length()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = toInt(key, MetadataReader.value(cursor, array.elementType(), key, 1));
    }
    return ints;
  }

  private static float[] decodeFloats(MetadataValue.Array array) {
    if (array.elementType() == MetadataType.FLOAT32) {
      return array.encoded().toArray(ByteCursor.FLOAT);
    }
    double[] doubles = array.encoded().toArray(ByteCursor.DOUBLE);
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  private static boolean[] decodeBools(MetadataValue.Array array) {
    boolean[] bools = new boolean[array.length()];
    for (int i = 0; i < bools.length; i++) {
      bools[i] = array.encoded().get(ValueLayout.JAVA_BYTE, i) == 1;
    }
    return bools;
  }
}
