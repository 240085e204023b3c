package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#keep} of keys and values as F16 with AVX-512: {@code void
 * keep(float* key, long bytes, float* value, short* keyTo, void* unused, short* valueTo)}. The
 * bytes lead to the first element of the key (lower half) and of the value (upper half).
 *
 * @param keyLength elements of a key, in whole vectors
 * @param valueLength elements of a value, likewise; 0 where it is part of the key
 * @param code what stores them
 */
record AssembledKvWrite(int keyLength, int valueLength, ArrayCode code) {
  private static final int LANES = 16;
  private static final int LARGEST_F16 = 65504;
  private static final Register KEY = Register.RDI;
  private static final Register BYTES = Register.RSI;
  private static final Register VALUE = Register.RDX;
  private static final Register KEY_TO = Register.RCX;
  private static final Register VALUE_TO = Register.R9;
  private static final Register VALUE_BYTES = Register.R10;
  private static final Register ELEMENT = Register.RAX;
  private static final Register STACK = Register.RSP;

  /** The ABI leaves 128 bytes below the stack's end to code that calls nothing. */
  private static final int HALVES = -64;

  private static final int NUMBERS = 0;
  private static final int MAX = 1;
  private static final int MIN = 2;

  static boolean supports(KvLayout layout) {
    return layout.format() == KvCache.Format.F16
        && layout.keyLength() % LANES == 0
        && layout.valueLength() % LANES == 0;
  }

  static AssembledKvWrite of(KvLayout layout) {
    int valueLength = layout.valueInKey() ? 0 : layout.valueLength();
    byte[] code = assemble(layout.keyLength(), valueLength);
    return new AssembledKvWrite(layout.keyLength(), valueLength, new ArrayCode(code));
  }

  boolean isFor(KvLayout layout) {
    return keyLength == layout.keyLength()
        && valueLength == (layout.valueInKey() ? 0 : layout.valueLength());
  }

  private static byte[] assemble(int keyLength, int valueLength) {
    Assembler code = new Assembler(Encoding.EVEX);
    code.move(VALUE_BYTES, BYTES);
    code.shiftRight(VALUE_BYTES, Integer.SIZE);
    code.add(VALUE, VALUE_BYTES);
    code.lowerHalf(BYTES);
    code.add(KEY, BYTES);
    code.move(ELEMENT, Float.floatToRawIntBits(LARGEST_F16));
    code.broadcast(MAX, ELEMENT);
    code.move(ELEMENT, Float.floatToRawIntBits(-LARGEST_F16));
    code.broadcast(MIN, ELEMENT);
    for (int first = 0; first < keyLength; first += LANES) {
      load(code, KEY, first);
      code.storeHalves(at(STACK, HALVES), NUMBERS);
      for (int i = 0; i < LANES; i++) {
        code.load16(ELEMENT, at(STACK, HALVES + i * Short.BYTES));
        code.store16(at(KEY_TO, (first + i) * KvCache.BLOCK_TOKENS * Short.BYTES), ELEMENT);
      }
    }
    for (int first = 0; first < valueLength; first += LANES) {
      load(code, VALUE, first);
      code.storeHalves(at(VALUE_TO, first * Short.BYTES), NUMBERS);
    }
    code.zeroUpper();
    code.ret();
    return code.toBytes();
  }

  /** Numbers in F16's range; in this order the operations keep what is not a number. */
  private static void load(Assembler code, Register from, int first) {
    code.vector(VectorOp.MOVE, NUMBERS, at(from, first * Float.BYTES));
    code.vector(VectorOp.MIN_F32, NUMBERS, MAX, NUMBERS);
    code.vector(VectorOp.MAX_F32, NUMBERS, MIN, NUMBERS);
  }

  /** As {@link Kernels#keep}, for a cache whose layout this is for. */
  void keep(
      KvCache cache,
      int block,
      int slot,
      int layer,
      int head,
      float[] key,
      int keyOffset,
      float[] value,
      int valueOffset,
      KernelScratch scratch) {
    KvLayout layout = cache.layout();
    long start = cache.block(block).address() + layout.headOffset(layer, head);
    long keyBytes = (long) keyOffset * Float.BYTES;
    long valueBytes = (long) valueOffset * Float.BYTES;
    code.call(
        scratch.segment(key),
        (valueBytes << Integer.SIZE) | keyBytes,
        scratch.segment(value),
        start + layout.keysOffset() + (long) slot * Short.BYTES,
        start + layout.valuesOffset() + (long) slot * valueLength * Short.BYTES);
  }
}
