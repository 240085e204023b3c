package io.yuntai.engine.quant;

/**
 * GGUF's tensor element types that this engine reads, with their numbers in the file.
 *
 * <p>Source: the GGUF specification, type ids as in ggml.
 */
public enum TensorType {
  F32(0),
  F16(1),
  Q4_0(2),
  Q4_1(3),
  Q5_0(6),
  Q5_1(7),
  Q8_0(8),
  Q2_K(10),
  Q3_K(11),
  Q4_K(12),
  Q5_K(13),
  Q6_K(14),
  IQ4_NL(20),
  IQ4_XS(23),
  BF16(30),
  MXFP4(39);

  private final int id;

  TensorType(int id) {
    this.id = id;
  }

  /** The type's number in a GGUF file. */
  public int id() {
    return id;
  }
}
