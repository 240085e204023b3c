package io.yuntai.engine.grammar;

/** UTF-8 by its bytes (Unicode Standard, table 3-7). */
final class Utf8 {
  private Utf8() {}

  /** Bytes of the well-formed character that begins here; 0 where there is none. */
  static int lengthAt(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (at + length > bytes.length) {
      return 0;
    }
    int codePoint = lead & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      int next = bytes[at + i] & 0xFF;
      if ((next & 0xC0) != 0x80) {
        return 0;
      }
      codePoint = codePoint << 6 | (next & 0x3F);
    }
    boolean overlong = codePoint < (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
    boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
    return overlong || surrogate || codePoint > CodePoints.MAX ? 0 : length;
  }
}
