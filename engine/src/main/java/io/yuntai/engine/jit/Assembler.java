package io.yuntai.engine.jit;

import io.yuntai.engine.jit.VectorOp.Map;
import io.yuntai.engine.jit.VectorOp.Prefix;
import io.yuntai.engine.jit.VectorOp.Tuple;
import java.io.ByteArrayOutputStream;

/**
 * Writes x86-64 machine code, instruction by instruction: the general instructions that loops need,
 * and vector instructions in EVEX (512 bits, registers 0 to 31) or VEX form (256 bits, registers 0
 * to 15).
 *
 * <p>Encodings follow the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 * The code is position-independent.
 */
public final class Assembler {
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

  /** Base registers whose number stands for something else in a ModRM byte (RSP, RBP). */
  private static final int NEEDS_SIB = 4;

  private static final int NEEDS_DISPLACEMENT = 5;

  // The last byte of an EVEX prefix: the number of a mask, and
  private static final int BROADCAST = 1 << 4;
  private static final int ZEROING = 1 << 7;

  private final Encoding encoding;
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();

  public Assembler(Encoding encoding) {
    this.encoding = encoding;
  }

  /** Which form of vector instructions it writes. */
  public Encoding encoding() {
    return encoding;
  }

  /** The code so far. */
  public byte[] toBytes() {
    return code.toByteArray();
  }

  /** Where the next instruction will stand: a target for {@link #jumpIfNotZero}. */
  public int position() {
    return code.size();
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
    bytes(
        0x62,
        ((bit(reg, 3) ^ 1) << 7)
            | ((x ^ 1) << 6)
            | ((b ^ 1) << 5)
            | ((bit(reg, 4) ^ 1) << 4)
            | map.number,
        ((~second & 15) << 3) | (1 << 2) | prefix.number,
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

  // General instructions, all 64 bits wide

  /** {@code to = from}. */
  public void move(Register to, Register from) {
    general(0x89, from, to);
  }

  /** {@code to = value}. */
  public void move(Register to, int value) {
    bytes(0x48 | bit(to.number(), 3), 0xC7, 0xC0 | (to.number() & 7));
    int32(value);
  }

  /** Swaps two registers. */
  public void exchange(Register a, Register b) {
    general(0x87, a, b);
  }

  /** {@code to = to + from}. */
  public void add(Register to, Register from) {
    general(0x01, from, to);
  }

  /** {@code to = to - from}. */
  public void subtract(Register to, Register from) {
    general(0x29, from, to);
  }

  /** {@code to = to + value}. */
  public void add(Register to, int value) {
    bytes(0x48 | bit(to.number(), 3), 0x81, 0xC0 | (to.number() & 7));
    int32(value);
  }

  /** {@code to = to & value}, the value sign-extended. */
  public void and(Register to, int value) {
    bytes(0x48 | bit(to.number(), 3), 0x81, 0xE0 | (to.number() & 7));
    int32(value);
  }

  /** {@code to = from * factor}. */
  public void multiply(Register to, Register from, int factor) {
    bytes(
        0x48 | (bit(to.number(), 3) << 2) | bit(from.number(), 3),
        0x69,
        0xC0 | ((to.number() & 7) << 3) | (from.number() & 7));
    int32(factor);
  }

  /** {@code register = register - 1}; sets the zero flag. */
  public void decrement(Register register) {
    bytes(0x48 | bit(register.number(), 3), 0xFF, 0xC8 | (register.number() & 7));
  }

  /** The same on the lower half; the upper half becomes 0. */
  public void decrement32(Register register) {
    bytes(0x40 | bit(register.number(), 3), 0xFF, 0xC8 | (register.number() & 7));
  }

  /** {@code register = register >>> bits}. */
  public void shiftRight(Register register, int bits) {
    bytes(0x48 | bit(register.number(), 3), 0xC1, 0xE8 | (register.number() & 7), bits);
  }

  /** Saves a register on the stack. */
  public void push(Register register) {
    bytes(0x40 | bit(register.number(), 3), 0x50 | (register.number() & 7));
  }

  /** Takes a register back from the stack. */
  public void pop(Register register) {
    bytes(0x40 | bit(register.number(), 3), 0x58 | (register.number() & 7));
  }

  /** {@code to = memory}. */
  public void load(Register to, Address from) {
    rex(to.number(), from);
    bytes(0x8B);
    operand(to.number(), from, 1);
  }

  /** A register into memory. */
  public void store(Address to, Register from) {
    rex(from.number(), to);
    bytes(0x89);
    operand(from.number(), to, 1);
  }

  /** The lower half of a register into memory. */
  public void store32(Address to, Register from) {
    int base = bit(to.base().number(), 3);
    bytes(0x40 | (bit(from.number(), 3) << 2) | base, 0x89);
    operand(from.number(), to, 1);
  }

  /** Two bytes of memory, the rest zeros. */
  public void load16(Register to, Address from) {
    rex(to.number(), from);
    bytes(0x0F, 0xB7);
    operand(to.number(), from, 1);
  }

  /** The lowest two bytes of a register into memory. */
  public void store16(Address to, Register from) {
    int base = bit(to.base().number(), 3);
    bytes(0x66, 0x40 | (bit(from.number(), 3) << 2) | base, 0x89);
    operand(from.number(), to, 1);
  }

  /** Zeros the upper half of a register. */
  public void lowerHalf(Register register) {
    int high = bit(register.number(), 3);
    bytes(0x40 | (high << 2) | high, 0x89, 0xC0 | ((register.number() & 7) * 9));
  }

  /** Asks for a line of memory ahead of its use; harmless at any address. */
  public void prefetch(Address from) {
    prefetch(0x18, 1, from);
  }

  /** The same as far as the second cache, which waits for more lines at a time than the first. */
  public void prefetchToSecondLevel(Address from) {
    prefetch(0x18, 2, from);
  }

  /** The same as {@link #prefetch} for a line that will be written to. */
  public void prefetchToWrite(Address to) {
    prefetch(0x0D, 1, to);
  }

  private void prefetch(int opcode, int hint, Address address) {
    rex(0, address);
    bytes(0x0F, opcode);
    operand(hint, address, 1);
  }

  /** {@code to = from} when the last {@link #decrement} gave 0. */
  public void moveIfZero(Register to, Register from) {
    bytes(
        0x48 | (bit(to.number(), 3) << 2) | bit(from.number(), 3),
        0x0F,
        0x44,
        0xC0 | ((to.number() & 7) << 3) | (from.number() & 7));
  }

  /** Jumps back when the last {@link #decrement} or {@link #add} did not give 0. */
  public void jumpIfNotZero(int target) {
    bytes(0x0F, 0x85);
    int32(target - (position() + Integer.BYTES));
  }

  /** Processor identification: leaf in EAX, subleaf in ECX. */
  public void cpuid() {
    bytes(0x0F, 0xA2);
  }

  /** Which register states the system saves: EDX:EAX; number in ECX. */
  public void xgetbv() {
    bytes(0x0F, 0x01, 0xD0);
  }

  /** Back to the caller. */
  public void ret() {
    bytes(0xC3);
  }

  private void general(int opcode, Register reg, Register rm) {
    bytes(
        0x48 | (bit(reg.number(), 3) << 2) | bit(rm.number(), 3),
        opcode,
        0xC0 | ((reg.number() & 7) << 3) | (rm.number() & 7));
  }

  private void rex(int reg, Address address) {
    Register index = address.index();
    bytes(
        0x48
            | (bit(reg, 3) << 2)
            | ((index == null ? 0 : bit(index.number(), 3)) << 1)
            | bit(address.base().number(), 3));
  }

  /** ModRM, SIB and displacement of a memory operand. */
  private void operand(int reg, Address address, int compression) {
    int base = address.base().number() & 7;
    int displacement = address.displacement();
    int mode;
    if (displacement == 0 && base != NEEDS_DISPLACEMENT) {
      mode = 0;
    } else if (displacement % compression == 0
        && displacement / compression >= Byte.MIN_VALUE
        && displacement / compression <= Byte.MAX_VALUE) {
      mode = 1;
    } else {
      mode = 2;
    }
    Register index = address.index();
    if (index == null && base != NEEDS_SIB) {
      bytes((mode << 6) | ((reg & 7) << 3) | base);
    } else {
      bytes((mode << 6) | ((reg & 7) << 3) | NEEDS_SIB);
      int indexBits = index == null ? NEEDS_SIB : index.number() & 7;
      bytes((Integer.numberOfTrailingZeros(address.scale()) << 6) | (indexBits << 3) | base);
    }
    if (mode == 1) {
      bytes(displacement / compression);
    } else if (mode == 2) {
      int32(displacement);
    }
  }

  private static int bit(int number, int which) {
    return (number >> which) & 1;
  }

  private void bytes(int... values) {
    for (int value : values) {
      code.write(value);
    }
  }

  private void int32(int value) {
    bytes(value, value >> 8, value >> 16, value >> 24);
  }
}
