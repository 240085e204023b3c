package io.yuntai.dialect.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * UTF-8 JSON text under construction. Names and punctuation are written as they stand; only values
 * that come from outside are escaped. For one thread.
 */
public final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** What no JSON number can say; OpenAI writes this for a token that is all but impossible. */
  private static final double IMPOSSIBLE_LOGPROB = -9999;

  private byte[] bytes;
  private int size;

  /**
   * @param expectedBytes room to begin with; it grows
   */
  public JsonBytes(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  /** What was written so far. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** JSON text as it stands; ASCII. */
  public JsonBytes raw(String ascii) {
    int length = ascii.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[size + i] = (byte) ascii.charAt(i);
    }
    size += length;
    return this;
  }

  /** JSON text as it stands; UTF-8. */
  public JsonBytes raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, bytes, size, json.length);
    size += json.length;
    return this;
  }

  /** An integer. */
  public JsonBytes number(long value) {
    return raw(Long.toString(value));
  }

  /** The shortest text that is this number and no other of its type; finite. */
  public JsonBytes number(double value) {
    return raw(Double.toString(value));
  }

  /** The shortest text that is this number and no other of its type. */
  public JsonBytes number(float value) {
    return raw(Float.toString(value));
  }

  /** A log-probability; finite in any case. */
  public JsonBytes logprob(double value) {
    return number(Double.isFinite(value) ? value : IMPOSSIBLE_LOGPROB);
  }

  /** A string value, quoted; an unpaired surrogate becomes U+FFFD. */
  public JsonBytes text(String value) {
    int length = value.length();
    // 6 bytes at most for each char: \u001f; a pair of surrogates takes 4.
    reserve(Math.addExact(Math.multiplyExact(length, 6), 2));
    bytes[size++] = '"';
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | (c >> 6));
        bytes[size++] = continuation(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        int point = Character.toCodePoint(c, value.charAt(++i));
        bytes[size++] = (byte) (0xF0 | (point >> 18));
        bytes[size++] = continuation(point >> 12);
        bytes[size++] = continuation(point >> 6);
        bytes[size++] = continuation(point);
      } else {
        int point = Character.isSurrogate(c) ? 0xFFFD : c;
        bytes[size++] = (byte) (0xE0 | (point >> 12));
        bytes[size++] = continuation(point >> 6);
        bytes[size++] = continuation(point);
      }
    }
    bytes[size++] = '"';
    return this;
  }

  /** Parsed JSON: null, Boolean, Number, String, List, Map. */
  public JsonBytes value(@Nullable Object value) {
    return switch (value) {
      case null -> raw("null");
      case Boolean flag -> raw(flag ? "true" : "false");
      case Integer number -> number(number);
      case Long number -> number(number);
      case BigInteger number -> raw(number.toString());
      case BigDecimal number -> raw(number.toString());
      case Double number -> number((double) number);
      case String text -> text(text);
      case List<?> list -> list(list);
      case Map<?, ?> map -> object(map);
      default -> throw new IllegalArgumentException("not parsed JSON: " + value.getClass());
    };
  }

  private JsonBytes list(List<?> list) {
    raw("[");
    for (int i = 0; i < list.size(); i++) {
      raw(i == 0 ? "" : ",").value(list.get(i));
    }
    return raw("]");
  }

  private JsonBytes object(Map<?, ?> map) {
    raw("{");
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      raw(first ? "" : ",").text(entry.getKey().toString()).raw(":").value(entry.getValue());
      first = false;
    }
    return raw("}");
  }

  /** A byte that carries the six lowest bits. */
  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }

  private void ascii(char c) {
    switch (c) {
      case '"' -> escape('"');
      case '\\' -> escape('\\');
      case '\n' -> escape('n');
      case '\r' -> escape('r');
      case '\t' -> escape('t');
      default -> {
        if (c >= 0x20) {
          bytes[size++] = (byte) c;
        } else {
          escape('u');
          bytes[size++] = '0';
          bytes[size++] = '0';
          bytes[size++] = HEX[c >> 4];
          bytes[size++] = HEX[c & 0xF];
        }
      }
    }
  }

  private void escape(char letter) {
    bytes[size++] = '\\';
    bytes[size++] = (byte) letter;
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, 1 << 30)));
    }
  }
}
