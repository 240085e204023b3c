package io.yuntai.engine.gguf;

import io.yuntai.engine.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads little-endian values one after the other and never past the end: what is not there is a
 * {@link ModelFormatException} that names the file and the thing being read.
 */
final class ByteCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String fileName;
  private final MemorySegment bytes;
  private long position;

  ByteCursor(String fileName, MemorySegment bytes) {
    this.fileName = fileName;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  /** A refusal of the file: its name and a sentence. */
  ModelFormatException refuse(String sentence) {
    return new ModelFormatException(fileName + ": " + sentence);
  }

  /** Moves over bytes and returns where they began. */
  long skip(long count, String what) {
    if (count < 0 || count > bytes.byteSize() - position) {
      throw refuse(
          "the file ends after "
              + bytes.byteSize()
              + " bytes, inside "
              + what
              + "; it is truncated or damaged, fetch it again");
    }
    long start = position;
    position += count;
    return start;
  }

  byte int8(String what) {
    return bytes.get(ValueLayout.JAVA_BYTE, skip(1, what));
  }

  short int16(String what) {
    return bytes.get(SHORT, skip(2, what));
  }

  int int32(String what) {
    return bytes.get(INT, skip(4, what));
  }

  long int64(String what) {
    return bytes.get(LONG, skip(8, what));
  }

  /** Everything from a position up to the current one. */
  MemorySegment since(long start) {
    return bytes.asSlice(start, position - start);
  }

  /**
   * A string of at most {@code maxBytes}; malformed UTF-8 becomes U+FFFD.
   *
   * @param what names it for messages, such as {@code "metadata 'general.name'"}
   */
  String text(String what, int maxBytes) {
    return new String(stringBytes(what, maxBytes), StandardCharsets.UTF_8);
  }

  /**
   * A name: valid UTF-8 of 1 to {@code maxBytes} bytes without control characters, so that messages
   * may repeat it.
   */
  String name(String what, int maxBytes) {
    byte[] encoded = stringBytes(what, maxBytes);
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(fileName + ": " + what + " is not valid UTF-8", e);
    }
    if (name.isEmpty()) {
      throw refuse(what + " is empty");
    }
    if (hasControlCharacters(name)) {
      throw refuse(what + " contains control characters");
    }
    return name;
  }

  static boolean hasControlCharacters(String name) {
    return name.codePoints().anyMatch(Character::isISOControl);
  }

  private byte[] stringBytes(String what, int maxBytes) {
    long length = int64(what);
    if (Long.compareUnsigned(length, maxBytes) > 0) {
      throw refuse(
          what
              + " claims to be "
              + Long.toUnsignedString(length)
              + " bytes long, more than the "
              + maxBytes
              + " allowed; the file is damaged");
    }
    long start = skip(length, what);
    return bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
