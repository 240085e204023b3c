package io.yuntai.engine.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes GGUF's encodings and counts the bytes. */
final class LittleEndianOutput extends OutputStream {
  private static final int CHUNK_BYTES = 1 << 16;

  private final OutputStream target;
  private long position;

  LittleEndianOutput(OutputStream target) {
    this.target = target;
  }

  /** Bytes written so far. */
  long position() {
    return position;
  }

  @Override
  public void write(int value) throws IOException {
    target.write(value);
    position++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    target.write(bytes, offset, length);
    position += length;
  }

  @Override
  public void flush() throws IOException {
    target.flush();
  }

  /** The lowest {@code count} bytes of a number. */
  void number(long value, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      write((int) (value >>> (8 * i)));
    }
  }

  void text(String text) throws IOException {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    number(encoded.length, 8);
    write(encoded);
  }

  void segment(MemorySegment bytes) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, bytes.byteSize())];
    for (long done = 0; done < bytes.byteSize(); done += chunk.length) {
      int length = (int) Math.min(chunk.length, bytes.byteSize() - done);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, chunk, 0, length);
      write(chunk, 0, length);
    }
  }

  /** Zero bytes up to a multiple of {@code alignment}. */
  void pad(int alignment) throws IOException {
    while (position % alignment != 0) {
      write(0);
    }
  }

  /** A value without its type. */
  void value(MetadataValue value) throws IOException {
    switch (value) {
      case MetadataValue.Whole(MetadataType type, long number) -> number(number, type.bytes());
      case MetadataValue.Real(MetadataType type, double real) ->
          number(
              type == MetadataType.FLOAT32
                  ? Float.floatToRawIntBits((float) real)
                  : Double.doubleToRawLongBits(real),
              type.bytes());
      case MetadataValue.Flag(boolean flag) -> write(flag ? 1 : 0);
      case MetadataValue.Text(String text) -> text(text);
      case MetadataValue.Array array -> {
        number(array.elementType().id(), 4);
        number(array.length(), 8);
        segment(array.encoded());
      }
    }
  }

  /** Values one after the other, as in an array. */
  static MemorySegment encode(List<? extends MetadataValue> values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LittleEndianOutput output = new LittleEndianOutput(bytes);
    try {
      for (MetadataValue value : values) {
        output.value(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return MemorySegment.ofArray(bytes.toByteArray()).asReadOnly();
  }
}
