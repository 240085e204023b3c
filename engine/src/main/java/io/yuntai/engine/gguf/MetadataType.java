package io.yuntai.engine.gguf;

import java.util.Arrays;
import java.util.Optional;

/** The types of metadata values, with their numbers in the file (GGUF specification). */
public enum MetadataType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 0),
  ARRAY(9, 0),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int id;
  private final int bytes;

  MetadataType(int id, int bytes) {
    this.id = id;
    this.bytes = bytes;
  }

  /** The type's number in a GGUF file. */
  public int id() {
    return id;
  }

  /** Bytes of one value; 0 for strings and arrays, whose size varies. */
  int bytes() {
    return bytes;
  }

  /** Whether values are whole numbers. */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
    };
  }

  /** Whether values are floating-point numbers. */
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  static Optional<MetadataType> find(int id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }
}
