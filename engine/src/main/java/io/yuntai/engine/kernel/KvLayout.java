package io.yuntai.engine.kernel;

/**
 * How keys and values lie in a block of a {@link KvCache}: layer after layer and head after head,
 * each with its keys as {@code [element][position]}, so that a score's lanes are positions, and
 * then its values as {@code [position][element]}, so that a result's lanes are elements.
 *
 * <p>Where 32 elements share a scale, the scales of all keys come first, {@code [group][position]},
 * then those of all values, likewise.
 *
 * @param shape what is held of each position
 * @param format element type
 */
record KvLayout(KvShape shape, KvCache.Format format) {
  /** Elements of one head at one position that share a scale; the last group may be shorter. */
  static final int GROUP = 32;

  int keyLength() {
    return shape.keyLength();
  }

  int valueLength() {
    return shape.valueLength();
  }

  /** Whether a value is the first elements of its key and stored only there. */
  boolean valueInKey() {
    return shape.valueInKey();
  }

  /** One head as it lies once it is converted: F32, with values beside keys. */
  KvLayout asFloats() {
    return new KvLayout(new KvShape(1, 1, keyLength(), valueLength()), KvCache.Format.F32);
  }

  /** Bytes of one block. */
  long blockBytes() {
    return (long) shape.layers() * shape.heads() * headBytes();
  }

  /**
   * Where what belongs to a head starts in a block: its scales, if there are any, else its keys.
   */
  long headOffset(int layer, int head) {
    return ((long) layer * shape.heads() + head) * headBytes();
  }

  /** From a head's start to the scales of its values. */
  int valueScalesOffset() {
    return format.scaleBytes() * groups(keyLength()) * KvCache.BLOCK_TOKENS;
  }

  /** From a head's start to its keys. */
  int keysOffset() {
    int groups = groups(keyLength()) + (valueInKey() ? 0 : groups(valueLength()));
    return format.scaleBytes() * groups * KvCache.BLOCK_TOKENS;
  }

  /** From a head's start to its values, if they are stored apart from its keys. */
  int valuesOffset() {
    return keysOffset() + bytes(keyLength());
  }

  private int headBytes() {
    return keysOffset() + bytes(shape.headElements());
  }

  /** Bytes of so many elements at all positions of a block, without scales. */
  private int bytes(int elements) {
    return elements * KvCache.BLOCK_TOKENS * format.elementBytes();
  }

  static int groups(int elements) {
    return Math.ceilDiv(elements, GROUP);
  }
}
