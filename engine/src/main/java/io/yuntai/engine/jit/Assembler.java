package io.yuntai.engine.jit;

import io.yuntai.engine.jit.VectorOp.Map;
import io.yuntai.engine.jit.VectorOp.Prefix;
import io.yuntai.engine.jit.VectorOp.Tuple;

/**
 * Writes x86-64 machine code, instruction by instruction: beside the general instructions that
 * loops need, vector instructions in EVEX (512 bits, registers 0 to 31) or VEX form (256 bits,
 * registers 0 to 15), and matrix instructions.
 *
 * <p>Encodings follow the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 * The code is position-independent.
 */
public final class Assembler extends GeneralInstructions {
  /** How vector instructions are encoded. */
  public enum Encoding {
    /** 512-bit vectors in 32 registers. */
    EVEX(64, 32),
    /** 256-bit vectors in 16 registers. */
    VEX(32, 16);

    private final int vectorBytes;
    private final int registers;

    Encoding(int vectorBytes, int registers) {
      this.vectorBytes = vectorBytes;
      this.registers = registers;
    }

    /** Bytes of a vector register. */
    public int vectorBytes() {
      return vectorBytes;
    }

    /** Number of vector registers. */
    public int registers() {
      return registers;
    }
  }

  // The last byte of an EVEX prefix: the number of a mask, and
  private static final int BROADCAST = 1 << 4;
  private static final int ZEROING = 1 << 7;

  private final Encoding encoding;

  public Assembler(Encoding encoding) {
    this.encoding = encoding;
  }

  /** Which form of vector instructions it writes. */
  public Encoding encoding() {
    return encoding;
  }

  // Vector instructions

  /** {@code to = op(a, b)}. */
  public void vector(VectorOp op, int to, int a, int b) {
    prefixes(op.map, op.prefix, to, a, b);
    bytes(op.opcode, 0xC0 | ((to & 7) << 3) | (b & 7));
  }

  /** {@code to = op(a, memory)}. */
  public void vector(VectorOp op, int to, int a, Address b) {
    prefixes(op.map, op.prefix, to, a, b);
    bytes(op.opcode);
    operand(to, b, compression(op.tuple, b));
  }

  /** {@code to = op(b)}. */
  public void vector(VectorOp op, int to, int b) {
    vector(op, to, 0, b);
  }

  /** {@code to = op(memory)}; for stores the other way round. */
  public void vector(VectorOp op, int to, Address b) {
    vector(op, to, 0, b);
  }

  /** {@code to = op(a, b)} with a control byte: which elements a shuffle takes. */
  public void vector(VectorOp op, int to, int a, int b, int control) {
    vector(op, to, a, b);
    bytes(control);
  }

  /** The same in the lanes of a mask, 1 to 7; the other lanes become 0 (EVEX only). */
  public void zeroing(VectorOp op, int mask, int to, int a, int b) {
    masked(op, mask | ZEROING, to, a, b);
  }

  /** {@code to = mask ? b : a}, lane by lane (EVEX only). */
  public void blend(int mask, int to, int a, int b) {
    masked(VectorOp.BLEND_F32, mask, to, a, b);
  }

  /** Stores the lanes of a mask (EVEX only). */
  public void store(int mask, int from, Address to) {
    check(from);
    int base = bit(to.base().number(), 3);
    Register index = to.index();
    int x = index == null ? 0 : bit(index.number(), 3);
    VectorOp op = VectorOp.STORE;
    evex(op.map, op.prefix, from, 0, base, x, mask);
    bytes(op.opcode);
    operand(from, to, compression(op.tuple, to));
  }

  /**
   * Lanes of a mask where two vectors compare so (EVEX only).
   *
   * @param predicate the instruction's number of the relation; 5 is "not less than, or unordered"
   */
  public void compare(int mask, int a, int b, int predicate) {
    vector(VectorOp.COMPARE_F32, mask, a, b, predicate);
  }

  /** Stores a vector's F32 as F16, rounded half to even (EVEX only). */
  public void storeHalves(Address to, int from) {
    vector(VectorOp.F32_TO_F16, from, to);
    bytes(0);
  }

  /** A mask from the lowest 16 bits of a general register (EVEX only). */
  public void mask(int mask, Register from) {
    bytes(0xC4, 0xC1 | ((bit(from.number(), 3) ^ 1) << 5), 0x78, 0x92);
    bytes(0xC0 | (mask << 3) | (from.number() & 7));
  }

  private void masked(VectorOp op, int mask, int to, int a, int b) {
    check(to);
    check(a);
    evex(op.map, op.prefix, to, a, bit(b, 3), bit(b, 4), mask);
    bytes(op.opcode, 0xC0 | ((to & 7) << 3) | (b & 7));
  }

  /** {@code to = table[to, a, b]} bit by bit: bit {@code 4 to + 2 a + b} of the table. */
  public void ternaryLogic(int to, int a, int b, int table) {
    vector(VectorOp.TERNARY_LOGIC, to, a, b, table);
  }

  /**
   * Bit i of each byte is the parity of those bits of {@code from}'s that byte {@code 7 - i} of an
   * 8-byte matrix in memory has, flipped where the control byte has bit i (EVEX only, GFNI).
   */
  public void affine(int to, int from, Address matrix, int flips) {
    check(to);
    check(from);
    int base = bit(matrix.base().number(), 3);
    evex(Map.M0F3A, Prefix.P66, to, from, base, 0, BROADCAST, 1);
    bytes(0xCE);
    operand(to, matrix, Long.BYTES);
    bytes(flips);
  }

  /** {@code to = from << bits}, or {@code >>}. */
  public void shift(ShiftOp op, int to, int from, int bits) {
    prefixes(Map.M0F, Prefix.P66, 0, to, from);
    bytes(op.opcode, 0xC0 | (op.extension << 3) | (from & 7), bits);
  }

  /** {@code to = memory << bits}, or {@code >>} (EVEX only). */
  public void shift(ShiftOp op, int to, Address from, int bits) {
    prefixes(Map.M0F, Prefix.P66, 0, to, from);
    bytes(op.opcode);
    operand(op.extension, from, compression(Tuple.FULL, from));
    bytes(bits);
  }

  /** Fills all lanes with the low half of a general register (EVEX only). */
  public void broadcast(int to, Register from) {
    vector(VectorOp.BROADCAST_REGISTER, to, 0, from.number());
  }

  /** All bits zero, which costs no execution. */
  public void zero(int register) {
    vector(VectorOp.XOR, register, register, register);
  }

  /** Leaves the upper halves of vector registers clean for the caller. */
  public void zeroUpper() {
    bytes(0xC5, 0xF8, 0x77);
  }

  private int compression(Tuple tuple, Address address) {
    if (encoding == Encoding.VEX) {
      return 1;
    }
    return address.broadcast() ? Integer.BYTES : tuple.bytes(encoding.vectorBytes());
  }

  private void prefixes(Map map, Prefix prefix, int reg, int second, int rm) {
    check(reg);
    check(second);
    if (encoding == Encoding.VEX) {
      vex(map, prefix, reg, second, bit(rm, 3), 0);
    } else {
      evex(map, prefix, reg, second, bit(rm, 3), bit(rm, 4), 0);
    }
  }

  private void prefixes(Map map, Prefix prefix, int reg, int second, Address rm) {
    check(reg);
    check(second);
    int base = bit(rm.base().number(), 3);
    Register indexRegister = rm.index();
    int index = indexRegister == null ? 0 : bit(indexRegister.number(), 3);
    if (encoding == Encoding.VEX) {
      if (rm.broadcast()) {
        throw new IllegalArgumentException("VEX has no broadcast operand");
      }
      vex(map, prefix, reg, second, base, index);
    } else {
      evex(map, prefix, reg, second, base, index, rm.broadcast() ? BROADCAST : 0);
    }
  }

  private void check(int register) {
    if (register < 0 || register >= encoding.registers()) {
      throw new IllegalArgumentException(encoding + " has no vector register " + register);
    }
  }

  private void vex(Map map, Prefix prefix, int reg, int second, int b, int x) {
    bytes(
        0xC4,
        ((bit(reg, 3) ^ 1) << 7) | ((x ^ 1) << 6) | ((b ^ 1) << 5) | map.number,
        ((~second & 15) << 3) | (1 << 2) | prefix.number);
  }

  private void evex(Map map, Prefix prefix, int reg, int second, int b, int x, int options) {
    evex(map, prefix, reg, second, b, x, options, 0);
  }

  private void evex(
      Map map, Prefix prefix, int reg, int second, int b, int x, int options, int wide) {
    bytes(
        0x62,
        ((bit(reg, 3) ^ 1) << 7)
            | ((x ^ 1) << 6)
            | ((b ^ 1) << 5)
            | ((bit(reg, 4) ^ 1) << 4)
            | map.number,
        (wide << 7) | ((~second & 15) << 3) | (1 << 2) | prefix.number,
        (2 << 5) | options | ((bit(second, 4) ^ 1) << 3));
  }

  // Scalar instructions, on registers 0 to 15

  /** {@code to = op(a, b)} on the first lane; the rest of 128 bits comes from a. */
  public void scalar(ScalarOp op, int to, int a, int b) {
    scalarPrefixes(op.prefix, to, a, bit(b, 3), 0);
    bytes(op.opcode, 0xC0 | ((to & 7) << 3) | (b & 7));
  }

  /** The F64 nearest to a signed integer of 64 bits. */
  public void toF64(int to, Register from) {
    scalarPrefixes(Prefix.F2, to, to, bit(from.number(), 3), 1);
    bytes(0x2A, 0xC0 | ((to & 7) << 3) | (from.number() & 7));
  }

  private void scalarPrefixes(Prefix prefix, int reg, int second, int b, int wide) {
    if (reg > 15 || second > 15) {
      throw new IllegalArgumentException("scalar instructions have registers 0 to 15");
    }
    bytes(
        0xC4,
        ((bit(reg, 3) ^ 1) << 7) | (1 << 6) | ((b ^ 1) << 5) | Map.M0F.number,
        (wide << 7) | ((~second & 15) << 3) | prefix.number);
  }

  // Matrix instructions (AMX): tiles of up to 16 rows of 64 bytes

  /** Sets the tiles' shapes from 64 bytes of memory. */
  public void loadTileShapes(Address from) {
    tilePrefixes(Prefix.NONE, 0, from);
    bytes(0x49);
    operand(0, from, 1);
  }

  /** Ends the use of tiles, so that nothing has to be saved for them. */
  public void releaseTiles() {
    bytes(0xC4, 0xE2, 0x78, 0x49, 0xC0);
  }

  /** Fills a tile with zeros. */
  public void zeroTile(int tile) {
    bytes(0xC4, 0xE2, 0x7B, 0x49, 0xC0 | (tile << 3));
  }

  /** Rows of a tile from memory; the address has an index, which holds the bytes between rows. */
  public void loadTile(int tile, Address from) {
    tilePrefixes(Prefix.F2, 0, from);
    bytes(0x4B);
    operand(tile, from, 1);
  }

  /** Rows of a tile to memory, likewise. */
  public void storeTile(Address to, int tile) {
    tilePrefixes(Prefix.F3, 0, to);
    bytes(0x4B);
    operand(tile, to, 1);
  }

  /**
   * {@code to += a * b}: int32 sums of products of signed bytes, four columns of a row of a with
   * four bytes that stand side by side in b.
   */
  public void multiplyTiles(int to, int a, int b) {
    bytes(0xC4, 0xE2, ((~b & 15) << 3) | Prefix.F2.number, 0x5E, 0xC0 | (to << 3) | a);
  }

  private void tilePrefixes(Prefix prefix, int second, Address rm) {
    Register index = rm.index();
    bytes(
        0xC4,
        (1 << 7)
            | (((index == null ? 0 : bit(index.number(), 3)) ^ 1) << 6)
            | ((bit(rm.base().number(), 3) ^ 1) << 5)
            | Map.M0F38.number,
        ((~second & 15) << 3) | prefix.number);
  }
}
