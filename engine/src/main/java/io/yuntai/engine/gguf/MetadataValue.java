package io.yuntai.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One metadata value of a GGUF file. */
public sealed interface MetadataValue {
  /** Its type in the file. */
  MetadataType type();

  /**
   * A whole number.
   *
   * @param value the number; a {@link MetadataType#UINT64} above 2^63 - 1 is its negative twin
   */
  record Whole(MetadataType type, long value) implements MetadataValue {
    public Whole {
      boolean fits =
          switch (type) {
            case UINT8 -> value >= 0 && value < 1L << 8;
            case INT8 -> value == (byte) value;
            case UINT16 -> value >= 0 && value < 1L << 16;
            case INT16 -> value == (short) value;
            case UINT32 -> value >= 0 && value < 1L << 32;
            case INT32 -> value == (int) value;
            case UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
          };
      if (!fits) {
        throw new IllegalArgumentException(value + " does not fit " + type);
      }
    }

    /** Whether the number is above 2^63 - 1. */
    boolean exceedsLong() {
      return type == MetadataType.UINT64 && value < 0;
    }

    /** The number in decimal. */
    public String decimal() {
      return type == MetadataType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
    }
  }

  /** A floating-point number, FLOAT32 or FLOAT64. */
  record Real(MetadataType type, double value) implements MetadataValue {
    public Real {
      if (!type.isFloat()) {
        throw new IllegalArgumentException(type + " is no floating-point type");
      }
    }
  }

  /** True or false. */
  record Flag(boolean value) implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.BOOL;
    }
  }

  /**
   * A string.
   *
   * @param value the text; malformed UTF-8 in a file has become U+FFFD
   */
  record Text(String value) implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.STRING;
    }
  }

  /**
   * An array, kept as the file holds it, because a vocabulary has hundreds of thousands of strings;
   * {@link Metadata} decodes it on demand.
   *
   * @param elementType type of every element
   * @param length number of elements
   * @param encoded the elements in GGUF's encoding, already checked; readable while the file is
   *     open
   */
  record Array(MetadataType elementType, int length, MemorySegment encoded)
      implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.ARRAY;
    }

    /** The first elements, at most {@code limit}; malformed UTF-8 becomes U+FFFD. */
    public List<MetadataValue> elements(int limit) {
      ByteCursor cursor = new ByteCursor("array", encoded);
      List<MetadataValue> elements = new ArrayList<>();
      for (int i = 0; i < Math.min(limit, length); i++) {
        elements.add(MetadataReader.value(cursor, elementType, "array", 1));
      }
      return elements;
    }
  }

  /** A string. */
  static MetadataValue text(String value) {
    return new Text(value);
  }

  /** A truth value. */
  static MetadataValue flag(boolean value) {
    return new Flag(value);
  }

  /** A {@link MetadataType#UINT32}, the usual type of sizes and counts. */
  static MetadataValue uint32(long value) {
    return new Whole(MetadataType.UINT32, value);
  }

  /** A {@link MetadataType#INT32}. */
  static MetadataValue int32(int value) {
    return new Whole(MetadataType.INT32, value);
  }

  /** A {@link MetadataType#UINT64}. */
  static MetadataValue uint64(long value) {
    return new Whole(MetadataType.UINT64, value);
  }

  /** A {@link MetadataType#FLOAT32}. */
  static MetadataValue float32(float value) {
    return new Real(MetadataType.FLOAT32, value);
  }

  /** An array of strings. */
  static MetadataValue strings(List<String> values) {
    return array(MetadataType.STRING, values.stream().map(MetadataValue::text).toList());
  }

  /** An array of {@link MetadataType#INT32}. */
  static MetadataValue ints(int... values) {
    List<MetadataValue> elements = new ArrayList<>(values.length);
    for (int value : values) {
      elements.add(int32(value));
    }
    return array(MetadataType.INT32, elements);
  }

  /** An array of {@link MetadataType#FLOAT32}. */
  static MetadataValue floats(float... values) {
    List<MetadataValue> elements = new ArrayList<>(values.length);
    for (float value : values) {
      elements.add(float32(value));
    }
    return array(MetadataType.FLOAT32, elements);
  }

  /**
   * An array of any type.
   *
   * @throws IllegalArgumentException where an element is of another type
   */
  static Array array(MetadataType elementType, List<? extends MetadataValue> elements) {
    for (MetadataValue element : elements) {
      if (element.type() != elementType) {
        throw new IllegalArgumentException(
            "an array of " + elementType + " cannot hold " + element.type());
      }
    }
    return new Array(elementType, elements.size(), LittleEndianOutput.encode(elements));
  }
}
