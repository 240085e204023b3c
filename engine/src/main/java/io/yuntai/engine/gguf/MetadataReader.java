package io.yuntai.engine.gguf;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and checks the metadata section of a GGUF file. */
final class MetadataReader {
  /** Real files have 20 to 60 keys. */
  static final int MAX_KEYS = 65_536;

  /** As the GGUF specification says. */
  static final int MAX_KEY_BYTES = 65_535;

  /** Real chat templates stay below 100 KiB. */
  static final int MAX_STRING_BYTES = 16 << 20;

  /** Real vocabularies stay below 300,000 tokens, their merges below 500,000. */
  static final int MAX_ARRAY_LENGTH = 1 << 24;

  /** The largest real vocabularies with merges take about 16 MiB. */
  static final long MAX_TOTAL_BYTES = 128L << 20;

  static final int MAX_ARRAY_DEPTH = 4;

  private MetadataReader() {}

  /**
   * The section's values in the file's order.
   *
   * @param count how many the header claims; as an unsigned number
   */
  static Map<String, MetadataValue> read(ByteCursor cursor, long count) {
    if (Long.compareUnsigned(count, MAX_KEYS) > 0) {
      throw cursor.refuse(
          "the header claims "
              + Long.toUnsignedString(count)
              + " metadata keys, more than the "
              + MAX_KEYS
              + " allowed; the file is damaged");
    }
    long start = cursor.position();
    Map<String, MetadataValue> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = cursor.name("the name of metadata key " + (i + 1), MAX_KEY_BYTES);
      String what = "metadata '" + key + "'";
      MetadataValue value = value(cursor, type(cursor, what), what, 1);
      if (values.putIfAbsent(key, value) != null) {
        throw cursor.refuse(what + " appears twice; the file is damaged");
      }
      if (cursor.position() - start > MAX_TOTAL_BYTES) {
        throw cursor.refuse(
            "the metadata up to '" + key + "' exceeds the " + MAX_TOTAL_BYTES + " bytes allowed");
      }
    }
    return values;
  }

  private static MetadataType type(ByteCursor cursor, String what) {
    int id = cursor.int32(what);
    return MetadataType.find(id)
        .orElseThrow(() ->
            cursor.refuse(
                what
                    + " has the unknown type "
                    + Integer.toUnsignedString(id)
                    + "; the file is damaged or newer than this program"));
  }

  /**
   * One value.
   *
   * @param what names it for messages
   * @param depth 1 for a value of the section itself, one more in each array
   */
  static MetadataValue value(ByteCursor cursor, MetadataType type, String what, int depth) {
    return switch (type) {
      case UINT8 -> new MetadataValue.Whole(type, cursor.int8(what) & 0xffL);
      case INT8 -> new MetadataValue.Whole(type, cursor.int8(what));
      case UINT16 -> new MetadataValue.Whole(type, cursor.int16(what) & 0xffffL);
      case INT16 -> new MetadataValue.Whole(type, cursor.int16(what));
      case UINT32 -> new MetadataValue.Whole(type, cursor.int32(what) & 0xffff_ffffL);
      case INT32 -> new MetadataValue.Whole(type, cursor.int32(what));
      case UINT64, INT64 -> new MetadataValue.Whole(type, cursor.int64(what));
      case FLOAT32 -> new MetadataValue.Real(type, Float.intBitsToFloat(cursor.int32(what)));
      case FLOAT64 -> new MetadataValue.Real(type, Double.longBitsToDouble(cursor.int64(what)));
      case BOOL -> new MetadataValue.Flag(flag(cursor, what));
      case STRING -> new MetadataValue.Text(cursor.text(what, MAX_STRING_BYTES));
      case ARRAY -> array(cursor, what, depth);
    };
  }

  private static boolean flag(ByteCursor cursor, String what) {
    byte value = cursor.int8(what);
    if (value != 0 && value != 1) {
      throw cursor.refuse(
          what + " should be a BOOL, 0 or 1, but is " + (value & 0xff) + "; the file is damaged");
    }
    return value == 1;
  }

  private static MetadataValue.Array array(ByteCursor cursor, String what, int depth) {
    if (depth > MAX_ARRAY_DEPTH) {
      throw cursor.refuse(what + " has arrays nested more than " + MAX_ARRAY_DEPTH + " deep");
    }
    MetadataType elementType = type(cursor, what);
    long length = cursor.int64(what);
    if (Long.compareUnsigned(length, MAX_ARRAY_LENGTH) > 0) {
      throw cursor.refuse(
          what
              + " claims an array of "
              + Long.toUnsignedString(length)
              + " elements, more than the "
              + MAX_ARRAY_LENGTH
              + " allowed; the file is damaged");
    }
    long start = cursor.position();
    skipElements(cursor, elementType, (int) length, what, depth);
    return new MetadataValue.Array(elementType, (int) length, cursor.since(start));
  }

  /** Checks an array's elements without keeping them. */
  private static void skipElements(
      ByteCursor cursor, MetadataType elementType, int length, String what, int depth) {
    switch (elementType) {
      case STRING -> {
        for (int i = 0; i < length; i++) {
          cursor.skip(cursor.int64(what), what);
        }
      }
      case ARRAY -> {
        for (int i = 0; i < length; i++) {
          array(cursor, what, depth + 1);
        }
      }
      case BOOL -> {
        for (int i = 0; i < length; i++) {
          flag(cursor, what);
        }
      }
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, FLOAT32, FLOAT64 ->
          cursor.skip((long) length * elementType.bytes(), what);
    }
  }
}
