package io.yuntai.engine.jit;

import io.yuntai.engine.jit.VectorOp.Prefix;

/**
 * Instructions on the first lane alone, in VEX form (Intel 64 and IA-32 Architectures Software
 * Developer's Manual, volume 2).
 */
public enum ScalarOp {
  /** Converts the second operand. */
  F32_TO_F64(Prefix.F3, 0x5A),
  /** Converts the second operand. */
  F64_TO_F32(Prefix.F2, 0x5A),
  /** The root of the second operand. */
  ROOT_F64(Prefix.F2, 0x51),
  DIVIDE_F32(Prefix.F3, 0x5E),
  ADD_F64(Prefix.F2, 0x58),
  DIVIDE_F64(Prefix.F2, 0x5E);

  final Prefix prefix;
  final int opcode;

  ScalarOp(Prefix prefix, int opcode) {
    this.prefix = prefix;
    this.opcode = opcode;
  }
}
