package io.yuntai.engine.quant;

/**
 * The scales of one block: a scale for the whole block and, in blocks of several groups, a small
 * integer for each. Group g's scale is {@code scale * groupScales[g]} and its minimum {@code
 * minimum * groupMinimums[g]}; both products are exact in F32.
 */
public final class BlockScales {
  /** Most groups in a block. */
  public static final int MAX_GROUPS = 16;

  /** The whole block's scale. */
  public float scale;

  /** The whole block's minimum, negated where the format subtracts it; 0 where it has none. */
  public float minimum;

  /** Per group, in [-128, 127]; 1 in blocks of one group. */
  public final byte[] groupScales = new byte[MAX_GROUPS];

  /** Per group, in [0, 63]; 1 in blocks of one group with a minimum. */
  public final byte[] groupMinimums = new byte[MAX_GROUPS];

  /** A group's scale. */
  public float scale(int group) {
    return scale * groupScales[group];
  }

  /** What is added to a group's values. */
  public float minimum(int group) {
    return minimum * groupMinimums[group];
  }

  void set(float newScale, float newMinimum) {
    scale = newScale;
    minimum = newMinimum;
    groupScales[0] = 1;
    groupMinimums[0] = 1;
  }
}
