package io.yuntai.engine.quantize;

import io.yuntai.engine.quant.TensorType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What types a model's tensors get: one for most of them, and by the rules of {@link TensorPlan}
 * another for some. Names and numbers ({@code general.file_type}) are llama.cpp's.
 */
public enum Recipe {
  F32(TensorType.F32, 0, false),
  F16(TensorType.F16, 1, false),
  BF16(TensorType.BF16, 32, false),
  Q8_0(TensorType.Q8_0, 7, false),
  Q6_K(TensorType.Q6_K, 18, false),
  Q5_K_M(TensorType.Q5_K, 17, true),
  Q5_K_S(TensorType.Q5_K, 16, false),
  Q5_0(TensorType.Q5_0, 8, false),
  Q4_K_M(TensorType.Q4_K, 15, true),
  Q4_K_S(TensorType.Q4_K, 14, false),
  Q4_1(TensorType.Q4_1, 3, false),
  Q4_0(TensorType.Q4_0, 2, false);

  private final TensorType type;
  private final int fileType;
  private final boolean mixed;

  Recipe(TensorType type, int fileType, boolean mixed) {
    this.type = type;
    this.fileType = fileType;
    this.mixed = mixed;
  }

  /** What most tensors get. */
  public TensorType type() {
    return type;
  }

  /** Whether sensitive tensors of some layers get more bits. */
  boolean mixed() {
    return mixed;
  }

  /** {@code general.file_type}. */
  int fileType() {
    return fileType;
  }

  /** Whether it makes blocks. */
  public boolean quantizes() {
    return type.blockFormat().isPresent();
  }

  /** As people write it: {@code q4_k_m}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The recipe of this name, in either case. */
  public static Optional<Recipe> find(String name) {
    return Arrays.stream(values()).filter(each -> each.text().equals(lower(name))).findFirst();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** All names, for messages. */
  public static String all() {
    return Arrays.stream(values()).map(Recipe::text).collect(Collectors.joining(", "));
  }
}
