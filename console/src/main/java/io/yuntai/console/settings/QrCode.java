package io.yuntai.console.settings;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Text as a QR code (ISO/IEC 18004:2015): bytes, error correction level M, versions 1 to 10, which
 * hold 213 bytes. One mask for all: readers don't mind, and an address has no large even parts.
 */
public final class QrCode {
  /** Ones of the format information of level M with mask 0, after its own mask (clause 7.9.1). */
  private static final int FORMAT = 0b101010000010010;

  /**
   * By version: codewords of error correction in each block, blocks, data codewords of the first.
   */
  private static final int[][] BLOCKS = {
    {10, 1, 16}, {16, 1, 28}, {26, 1, 44}, {18, 2, 32}, {24, 2, 43},
    {16, 4, 27}, {18, 4, 31}, {22, 4, 38}, {22, 5, 36}, {26, 5, 43}
  };

  /** By version: how many of its blocks, the last ones, have one data codeword more. */
  private static final int[] LONGER_BLOCKS = {0, 0, 0, 0, 0, 0, 0, 2, 2, 1};

  /**
   * By version: the middle alignment pattern's place, where there is one between 6 and the last.
   */
  private static final int[] MIDDLE = {0, 0, 0, 0, 0, 0, 22, 24, 26, 28};

  private final int version;
  private final int size;
  private final boolean[][] dark;
  private final boolean[][] fixed;

  private QrCode(int version) {
    this.version = version;
    this.size = 17 + 4 * version;
    this.dark = new boolean[size][size];
    this.fixed = new boolean[size][size];
  }

  /** The code of a text; empty where it is too long. */
  static Optional<QrCode> of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int version = 1; version <= BLOCKS.length; version++) {
      int header = version < 10 ? 2 : 3;
      if (bytes.length + header <= dataCodewords(version)) {
        QrCode code = new QrCode(version);
        code.drawPatterns();
        code.drawData(codewords(version, bytes));
        code.drawFormat();
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  private static int dataCodewords(int version) {
    int[] blocks = BLOCKS[version - 1];
    return blocks[1] * blocks[2] + LONGER_BLOCKS[version - 1];
  }

  /** Mode, length, bytes, end and filling (clause 7.4), then correction, interleaved (7.6). */
  private static byte[] codewords(int version, byte[] text) {
    Bits bits = new Bits(dataCodewords(version));
    bits.put(0b0100, 4);
    bits.put(text.length, version < 10 ? 8 : 16);
    for (byte one : text) {
      bits.put(one & 0xFF, 8);
    }
    bits.fill();
    return interleaved(version, bits.bytes);
  }

  private static final class Bits {
    private final byte[] bytes;
    private int at;

    Bits(int count) {
      bytes = new byte[count];
    }

    void put(int value, int count) {
      for (int i = count - 1; i >= 0; i--, at++) {
        bytes[at >> 3] |= (byte) (((value >> i) & 1) << (7 - (at & 7)));
      }
    }

    void fill() {
      at = Math.min(at + 4, 8 * bytes.length);
      for (int i = (at + 7) / 8, turn = 0; i < bytes.length; i++, turn++) {
        bytes[i] = (byte) (turn % 2 == 0 ? 0xEC : 0x11);
      }
    }
  }

  private static byte[] interleaved(int version, byte[] data) {
    int correction = BLOCKS[version - 1][0];
    int count = BLOCKS[version - 1][1];
    int least = BLOCKS[version - 1][2];
    byte[][] blocks = new byte[count][];
    byte[][] corrections = new byte[count][];
    for (int i = 0, from = 0; i < count; i++) {
      int length = least + (i >= count - LONGER_BLOCKS[version - 1] ? 1 : 0);
      blocks[i] = Arrays.copyOfRange(data, from, from + length);
      corrections[i] = ReedSolomon.remainder(blocks[i], correction);
      from += length;
    }
    byte[] all = new byte[data.length + count * correction];
    int at = 0;
    for (int i = 0; i <= least; i++) {
      for (byte[] block : blocks) {
        if (i < block.length) {
          all[at++] = block[i];
        }
      }
    }
    for (int i = 0; i < correction; i++) {
      for (byte[] block : corrections) {
        all[at++] = block[i];
      }
    }
    return all;
  }

  private void set(int row, int column, boolean isDark) {
    dark[row][column] = isDark;
    fixed[row][column] = true;
  }

  /** Finders, timing, alignment, version (clauses 6.3 and 7.10), and room for the format. */
  private void drawPatterns() {
    for (int i = 0; i < size; i++) {
      set(6, i, i % 2 == 0);
      set(i, 6, i % 2 == 0);
    }
    drawFinder(3, 3);
    drawFinder(3, size - 4);
    drawFinder(size - 4, 3);
    int[] places =
        version == 1
            ? new int[0]
            : MIDDLE[version - 1] == 0
                ? new int[] {6, size - 7}
                : new int[] {6, MIDDLE[version - 1], size - 7};
    for (int row : places) {
      for (int column : places) {
        boolean atFinder =
            (row == 6 && column == 6)
                || (row == 6 && column == size - 7)
                || (row == size - 7 && column == 6);
        if (!atFinder) {
          drawAlignment(row, column);
        }
      }
    }
    if (version >= 7) {
      drawVersion();
    }
    drawFormat();
  }

  private void drawFinder(int row, int column) {
    for (int y = -4; y <= 4; y++) {
      for (int x = -4; x <= 4; x++) {
        int ring = Math.max(Math.abs(x), Math.abs(y));
        if (row + y >= 0 && row + y < size && column + x >= 0 && column + x < size) {
          set(row + y, column + x, ring != 2 && ring != 4);
        }
      }
    }
  }

  private void drawAlignment(int row, int column) {
    for (int y = -2; y <= 2; y++) {
      for (int x = -2; x <= 2; x++) {
        set(row + y, column + x, Math.max(Math.abs(x), Math.abs(y)) != 1);
      }
    }
  }

  private void drawVersion() {
    int rest = version;
    for (int i = 0; i < 12; i++) {
      rest = (rest << 1) ^ ((rest >>> 11) * 0x1F25);
    }
    int bits = (version << 12) | rest;
    for (int i = 0; i < 18; i++) {
      boolean isDark = ((bits >> i) & 1) == 1;
      set(i / 3, size - 11 + i % 3, isDark);
      set(size - 11 + i % 3, i / 3, isDark);
    }
  }

  private void drawFormat() {
    for (int i = 0; i < 15; i++) {
      boolean isDark = ((FORMAT >> i) & 1) == 1;
      if (i < 6) {
        set(i, 8, isDark);
      } else if (i < 8) {
        set(i + 1, 8, isDark);
      } else if (i == 8) {
        set(8, 7, isDark);
      } else {
        set(8, 14 - i, isDark);
      }
      if (i < 8) {
        set(8, size - 1 - i, isDark);
      } else {
        set(size - 15 + i, 8, isDark);
      }
    }
    set(size - 8, 8, true);
  }

  /** Two columns at a time, from the right, up and down in turn (clause 7.7.3), under mask 0. */
  private void drawData(byte[] codewords) {
    int at = 0;
    boolean up = true;
    for (int right = size - 1; right > 0; right -= 2) {
      if (right == 6) {
        right = 5;
      }
      for (int step = 0; step < size; step++) {
        int row = up ? size - 1 - step : step;
        for (int column = right; column > right - 2; column--) {
          if (!fixed[row][column]) {
            boolean bit =
                at < 8 * codewords.length && ((codewords[at >> 3] >> (7 - (at & 7))) & 1) == 1;
            dark[row][column] = bit ^ ((row + column) % 2 == 0);
            at++;
          }
        }
      }
      up = !up;
    }
  }

  /** Modules on each side, without the quiet zone. */
  int size() {
    return size;
  }

  /** Whether a module is dark. */
  boolean isDark(int row, int column) {
    return dark[row][column];
  }

  /** Modules on each side of {@link #path}. */
  public int pathSize() {
    return size + 8;
  }

  /** The dark modules as an SVG path, with a quiet zone of four modules around. */
  public String path() {
    StringBuilder path = new StringBuilder();
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        if (dark[row][column]) {
          path.append('M').append(column + 4).append(' ').append(row + 4).append("h1v1h-1z");
        }
      }
    }
    return path.toString();
  }
}
