package io.yuntai.engine.quant;

import io.yuntai.engine.ModelFormatException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * GGUF's tensor element types that this engine reads, with their numbers in the file.
 *
 * <p>Source: the GGUF specification, type ids as in ggml.
 */
public enum TensorType {
  F32(0, 4),
  F16(1, 2),
  Q4_0(2, new Q4_0Format()),
  Q4_1(3, new Q4_1Format()),
  Q5_0(6, new Q5_0Format()),
  Q5_1(7, new Q5_1Format()),
  Q8_0(8, new Q8_0Format()),
  Q2_K(10, new Q2_KFormat()),
  Q3_K(11, new Q3_KFormat()),
  Q4_K(12, new Q4_KFormat()),
  Q5_K(13, new Q5_KFormat()),
  Q6_K(14, new Q6_KFormat()),
  IQ4_NL(20, new IQ4_NLFormat()),
  IQ4_XS(23, new IQ4_XSFormat()),
  BF16(30, 2),
  MXFP4(39, new MXFP4Format());

  private final int id;
  private final int elementsPerBlock;
  private final int bytesPerBlock;

  // Formats have no state, which the check can't see through the interface.
  @SuppressWarnings("ImmutableEnumChecker")
  private final @Nullable BlockFormat format;

  TensorType(int id, int bytesPerElement) {
    this.id = id;
    this.elementsPerBlock = 1;
    this.bytesPerBlock = bytesPerElement;
    this.format = null;
  }

  TensorType(int id, BlockFormat format) {
    this.id = id;
    this.elementsPerBlock = format.elements();
    this.bytesPerBlock = format.bytes();
    this.format = format;
  }

  /** The type's number in a GGUF file. */
  public int id() {
    return id;
  }

  /** How its blocks are laid out; empty for the plain floats F32, F16 and BF16. */
  public Optional<BlockFormat> blockFormat() {
    return Optional.ofNullable(format);
  }

  /** 32 or 256; 1 for a plain float. A row is a whole number of blocks. */
  public int elementsPerBlock() {
    return elementsPerBlock;
  }

  /** Bytes of one block, or of one plain float. */
  public int bytesPerBlock() {
    return bytesPerBlock;
  }

  /**
   * The bytes that a number of elements takes.
   *
   * @param elements a multiple of {@link #elementsPerBlock()}, not negative
   * @throws IllegalArgumentException where it is not
   * @throws ArithmeticException where the result exceeds a long
   */
  public long bytes(long elements) {
    if (elements < 0 || elements % elementsPerBlock != 0) {
      throw new IllegalArgumentException(
          elements + " elements are no whole number of " + this + " blocks of " + elementsPerBlock);
    }
    return Math.multiplyExact(elements / elementsPerBlock, (long) bytesPerBlock);
  }

  /** The type with this number; empty where this engine does not read it. */
  public static Optional<TensorType> find(int id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /**
   * The type with this number.
   *
   * @throws ModelFormatException naming the number, where this engine does not read it
   */
  public static TensorType fromId(int id) {
    return find(id)
        .orElseThrow(() ->
            new ModelFormatException(
                "tensor type " + describe(id) + " is not supported; use one of " + all()));
  }

  /** A type's number and, where ggml gives it one, its name: {@code "17 (IQ2_XS)"}. */
  public static String describe(int id) {
    String name = find(id).map(TensorType::name).orElseGet(() -> nameOfUnread(id));
    return Integer.toUnsignedString(id) + (name.isEmpty() ? "" : " (" + name + ")");
  }

  /** Every type's name, for messages: {@code "F32, F16, ..."}. */
  public static String all() {
    return Arrays.stream(values()).map(TensorType::name).collect(Collectors.joining(", "));
  }

  /** ggml's names for what this engine does not read, removed ones included; empty if unknown. */
  private static String nameOfUnread(int id) {
    return switch (id) {
      case 4 -> "Q4_2";
      case 5 -> "Q4_3";
      case 9 -> "Q8_1";
      case 15 -> "Q8_K";
      case 16 -> "IQ2_XXS";
      case 17 -> "IQ2_XS";
      case 18 -> "IQ3_XXS";
      case 19 -> "IQ1_S";
      case 21 -> "IQ3_S";
      case 22 -> "IQ2_S";
      case 24 -> "I8";
      case 25 -> "I16";
      case 26 -> "I32";
      case 27 -> "I64";
      case 28 -> "F64";
      case 29 -> "IQ1_M";
      case 31 -> "Q4_0_4_4";
      case 32 -> "Q4_0_4_8";
      case 33 -> "Q4_0_8_8";
      case 34 -> "TQ1_0";
      case 35 -> "TQ2_0";
      case 36 -> "IQ4_NL_4_4";
      case 37 -> "IQ4_NL_4_8";
      case 38 -> "IQ4_NL_8_8";
      case 40 -> "NVFP4";
      default -> "";
    };
  }
}
