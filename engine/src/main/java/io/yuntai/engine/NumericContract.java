package io.yuntai.engine;

/**
 * Names the definition of every result ({@code docs/decisions/001}): whoever has the same weights
 * and the same version has the same logits and, with the same seed, the same tokens, on any
 * machine.
 */
public final class NumericContract {
  /** Raised with each change that may change a bit of a result, in any kernel or in sampling. */
  public static final int VERSION = 1;

  private NumericContract() {}
}
