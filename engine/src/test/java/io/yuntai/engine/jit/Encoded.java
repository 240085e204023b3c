package io.yuntai.engine.jit;

import io.yuntai.engine.jit.Assembler.Encoding;
import java.util.HexFormat;
import java.util.function.Consumer;

/** The bytes of single instructions. */
final class Encoded {
  private Encoded() {}

  static String evex(Consumer<Assembler> instruction) {
    return bytes(Encoding.EVEX, instruction);
  }

  static String vex(Consumer<Assembler> instruction) {
    return bytes(Encoding.VEX, instruction);
  }

  private static String bytes(Encoding encoding, Consumer<Assembler> instruction) {
    Assembler assembler = new Assembler(encoding);
    instruction.accept(assembler);
    return HexFormat.of().formatHex(assembler.toBytes());
  }
}
