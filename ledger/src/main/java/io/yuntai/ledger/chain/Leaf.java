package io.yuntai.ledger.chain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of what is hashed: numbers with their most significant byte first, texts in UTF-8 behind
 * their length in bytes (2 bytes), and before all a letter that says what it is.
 */
public final class Leaf {
  private ByteBuffer bytes = ByteBuffer.allocate(160);

  /** Begins with its letter. */
  public Leaf(char letter) {
    bytes.put((byte) letter);
  }

  /** Two bytes. */
  public Leaf put16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  /** Four bytes. */
  public Leaf put32(int value) {
    room(4).putInt(value);
    return this;
  }

  /** Eight bytes. */
  public Leaf put64(long value) {
    room(8).putLong(value);
    return this;
  }

  /** A text of at most 65,535 bytes. */
  public Leaf put(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > 0xffff) {
      throw new IllegalArgumentException("a text of " + utf8.length + " bytes in a leaf");
    }
    room(2 + utf8.length).putShort((short) utf8.length).put(utf8);
    return this;
  }

  /** Bytes as they are. */
  public Leaf put(byte[] raw) {
    room(raw.length).put(raw);
    return this;
  }

  /** All bytes so far. */
  public byte[] bytes() {
    byte[] all = new byte[bytes.position()];
    bytes.get(0, all);
    return all;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      bytes = ByteBuffer.allocate(2 * (bytes.capacity() + more)).put(bytes.flip());
    }
    return bytes;
  }
}
