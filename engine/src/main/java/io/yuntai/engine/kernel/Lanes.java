package io.yuntai.engine.kernel;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width, chosen once when this class is loaded: what the processor prefers, at most 512
 * bits, or what the system property {@code yuntai.vector.bits} (128, 256 or 512) says. Constants,
 * because a species that the compiler cannot see as one costs an allocation per operation.
 */
final class Lanes {
  /** Width in bits. */
  static final int BITS =
      Integer.getInteger(
          "yuntai.vector.bits", Math.clamp(VectorShape.preferredShape().vectorBitSize(), 128, 512));

  static final VectorSpecies<Float> FLOATS = VectorShape.forBitSize(BITS).withLanes(float.class);
  static final VectorSpecies<Integer> INTS = VectorShape.forBitSize(BITS).withLanes(int.class);

  /** Shorts that widen to {@link #INTS}. */
  static final VectorSpecies<Short> SHORTS_OF_INTS =
      VectorShape.forBitSize(BITS / 2).withLanes(short.class);

  /** Half as many lanes as {@link #FLOATS}. */
  static final VectorSpecies<Float> HALF_LANES =
      VectorShape.forBitSize(BITS / 2).withLanes(float.class);

  /** A quarter, but two at least. */
  static final VectorSpecies<Float> QUARTER_LANES =
      VectorShape.forBitSize(Math.max(64, BITS / 4)).withLanes(float.class);

  /** Lanes of {@link #FLOATS}. */
  static final int FLOAT_LANES = BITS / Float.SIZE;

  private Lanes() {}
}
