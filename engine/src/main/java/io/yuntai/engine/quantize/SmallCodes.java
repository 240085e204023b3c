package io.yuntai.engine.quantize;

/** The codes of blocks of 32: nibbles j and j + 16 in one byte, before them any fifth bits. */
final class SmallCodes {
  private static final int HALF = 16;

  private SmallCodes() {}

  static void pack(int[] codes, int bits, byte[] target, int to) {
    int nibbles = to;
    if (bits == 5) {
      int fifth = 0;
      for (int i = 0; i < 2 * HALF; i++) {
        fifth |= ((codes[i] >> 4) & 1) << i;
      }
      LittleEndian.putInt(target, to, fifth);
      nibbles += 4;
    }
    for (int i = 0; i < HALF; i++) {
      target[nibbles + i] = (byte) ((codes[i] & 15) | ((codes[HALF + i] & 15) << 4));
    }
  }
}
