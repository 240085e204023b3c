package io.yuntai.engine.jit;

/** Shifts of every lane by the same number of bits. */
public enum ShiftOp {
  LEFT_INT16(0x71, 6),
  RIGHT_INT16(0x71, 2),
  LEFT_INT32(0x72, 6),
  RIGHT_INT32(0x72, 2),
  /** Copies of the sign come in from the left. */
  RIGHT_SIGNED_INT32(0x72, 4);

  final int opcode;

  /** What stands in the ModRM byte's register field. */
  final int extension;

  ShiftOp(int opcode, int extension) {
    this.opcode = opcode;
    this.extension = extension;
  }
}
