package io.yuntai.engine.jit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The code that is written, and the instructions on general registers, all 64 bits wide where
 * nothing else is said.
 */
abstract sealed class GeneralInstructions permits Assembler {
  /** Base registers whose number stands for something else in a ModRM byte (RSP, RBP). */
  private static final int NEEDS_SIB = 4;

  private static final int NEEDS_DISPLACEMENT = 5;

  private final ByteArrayOutputStream code = new ByteArrayOutputStream();

  /** Where jumps ahead go, by the place of their distance in the code. */
  private final Map<Integer, Integer> landings = new HashMap<>();

  /** The code so far. */
  public final byte[] toBytes() {
    byte[] bytes = code.toByteArray();
    landings.forEach((from, to) ->
        ByteBuffer.wrap(bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(from, to - (from + Integer.BYTES)));
    return bytes;
  }

  /** Where the next instruction will stand: a target for {@link #jumpIfNotZero}. */
  public final int position() {
    return code.size();
  }

  /** {@code to = from}. */
  public final void move(Register to, Register from) {
    general(0x89, from, to);
  }

  /** {@code to = value}. */
  public final void move(Register to, int value) {
    bytes(0x48 | bit(to.number(), 3), 0xC7, 0xC0 | (to.number() & 7));
    int32(value);
  }

  /** Swaps two registers. */
  public final void exchange(Register a, Register b) {
    general(0x87, a, b);
  }

  /** {@code to = to + from}. */
  public final void add(Register to, Register from) {
    general(0x01, from, to);
  }

  /** {@code to = to - from}. */
  public final void subtract(Register to, Register from) {
    general(0x29, from, to);
  }

  /** {@code to = to + value}. */
  public final void add(Register to, int value) {
    bytes(0x48 | bit(to.number(), 3), 0x81, 0xC0 | (to.number() & 7));
    int32(value);
  }

  /** {@code to = to & value}, the value sign-extended. */
  public final void and(Register to, int value) {
    bytes(0x48 | bit(to.number(), 3), 0x81, 0xE0 | (to.number() & 7));
    int32(value);
  }

  /** {@code to = from * factor}. */
  public final void multiply(Register to, Register from, int factor) {
    bytes(
        0x48 | (bit(to.number(), 3) << 2) | bit(from.number(), 3),
        0x69,
        0xC0 | ((to.number() & 7) << 3) | (from.number() & 7));
    int32(factor);
  }

  /** {@code register = register - 1}; sets the zero flag. */
  public final void decrement(Register register) {
    bytes(0x48 | bit(register.number(), 3), 0xFF, 0xC8 | (register.number() & 7));
  }

  /** The same on the lower half; the upper half becomes 0. */
  public final void decrement32(Register register) {
    bytes(0x40 | bit(register.number(), 3), 0xFF, 0xC8 | (register.number() & 7));
  }

  /** {@code register = register >>> bits}. */
  public final void shiftRight(Register register, int bits) {
    bytes(0x48 | bit(register.number(), 3), 0xC1, 0xE8 | (register.number() & 7), bits);
  }

  /** Saves a register on the stack. */
  public final void push(Register register) {
    bytes(0x40 | bit(register.number(), 3), 0x50 | (register.number() & 7));
  }

  /** Takes a register back from the stack. */
  public final void pop(Register register) {
    bytes(0x40 | bit(register.number(), 3), 0x58 | (register.number() & 7));
  }

  /** {@code to = memory}. */
  public final void load(Register to, Address from) {
    rex(to.number(), from);
    bytes(0x8B);
    operand(to.number(), from, 1);
  }

  /** A register into memory. */
  public final void store(Address to, Register from) {
    rex(from.number(), to);
    bytes(0x89);
    operand(from.number(), to, 1);
  }

  /** The lower half of a register into memory. */
  public final void store32(Address to, Register from) {
    int base = bit(to.base().number(), 3);
    bytes(0x40 | (bit(from.number(), 3) << 2) | base, 0x89);
    operand(from.number(), to, 1);
  }

  /** Two bytes of memory, the rest zeros. */
  public final void load16(Register to, Address from) {
    rex(to.number(), from);
    bytes(0x0F, 0xB7);
    operand(to.number(), from, 1);
  }

  /** The lowest two bytes of a register into memory. */
  public final void store16(Address to, Register from) {
    int base = bit(to.base().number(), 3);
    bytes(0x66, 0x40 | (bit(from.number(), 3) << 2) | base, 0x89);
    operand(from.number(), to, 1);
  }

  /** Zeros the upper half of a register. */
  public final void lowerHalf(Register register) {
    int high = bit(register.number(), 3);
    bytes(0x40 | (high << 2) | high, 0x89, 0xC0 | ((register.number() & 7) * 9));
  }

  /** Asks for a line of memory ahead of its use; harmless at any address. */
  public final void prefetch(Address from) {
    prefetch(0x18, 1, from);
  }

  /** The same as far as the second cache, which waits for more lines at a time than the first. */
  public final void prefetchToSecondLevel(Address from) {
    prefetch(0x18, 2, from);
  }

  /** The same as {@link #prefetch} for a line that will be written to. */
  public final void prefetchToWrite(Address to) {
    prefetch(0x0D, 1, to);
  }

  private void prefetch(int opcode, int hint, Address address) {
    rex(0, address);
    bytes(0x0F, opcode);
    operand(hint, address, 1);
  }

  /** {@code to = from} when the last {@link #decrement} gave 0. */
  public final void moveIfZero(Register to, Register from) {
    bytes(
        0x48 | (bit(to.number(), 3) << 2) | bit(from.number(), 3),
        0x0F,
        0x44,
        0xC0 | ((to.number() & 7) << 3) | (from.number() & 7));
  }

  /** Jumps back when the last {@link #decrement} or {@link #add} did not give 0. */
  public final void jumpIfNotZero(int target) {
    bytes(0x0F, 0x85);
    int32(target - (position() + Integer.BYTES));
  }

  /**
   * Jumps ahead when the last {@link #decrement} or {@link #add} did not give 0.
   *
   * @return for {@link #land}, which says where to
   */
  public final int skipIfNotZero() {
    jumpIfNotZero(position());
    return position() - Integer.BYTES;
  }

  /** Here goes a jump ahead. */
  public final void land(int skip) {
    landings.put(skip, position());
  }

  /** Processor identification: leaf in EAX, subleaf in ECX. */
  public final void cpuid() {
    bytes(0x0F, 0xA2);
  }

  /** Which register states the system saves: EDX:EAX; number in ECX. */
  public final void xgetbv() {
    bytes(0x0F, 0x01, 0xD0);
  }

  /** Back to the caller. */
  public final void ret() {
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
  final void operand(int reg, Address address, int compression) {
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

  static int bit(int number, int which) {
    return (number >> which) & 1;
  }

  final void bytes(int... values) {
    for (int value : values) {
      code.write(value);
    }
  }

  final void int32(int value) {
    bytes(value, value >> 8, value >> 16, value >> 24);
  }
}
