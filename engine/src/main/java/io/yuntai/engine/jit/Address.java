package io.yuntai.engine.jit;

import org.jspecify.annotations.Nullable;

/**
 * A place in memory: {@code base + index * scale + displacement}.
 *
 * @param base register that holds the address
 * @param index register that is added, or null
 * @param scale what the index is multiplied with: 1, 2, 4 or 8
 * @param displacement bytes
 * @param broadcast whether one 32-bit element fills all lanes (EVEX only)
 */
public record Address(
    Register base, @Nullable Register index, int scale, int displacement, boolean broadcast) {
  /** The bytes at a register plus a displacement. */
  public static Address at(Register base, int displacement) {
    return new Address(base, null, 1, displacement, false);
  }

  /** The bytes at a register plus a scaled index and a displacement. */
  public static Address at(Register base, Register index, int scale, int displacement) {
    return new Address(base, index, scale, displacement, false);
  }

  /** One 32-bit element for all lanes. */
  public static Address each(Register base, int displacement) {
    return new Address(base, null, 1, displacement, true);
  }
}
