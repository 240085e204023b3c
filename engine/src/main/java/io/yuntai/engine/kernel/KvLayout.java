package io.yuntai.engine.kernel;

/**
 * How keys and values lie in a block of a {@link KvCache}: layer after layer and head after head,
 * each with its keys as {@code [element][position]}, so that a score's lanes are positions, and
 * then its values as {@code [position][element]}, so that a result's lanes are elements.
 *
 * @param shape what is held of each position
 * @param format element type
 */
record KvLayout(KvShape shape, KvCache.Format format) {
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

  /** Bytes of one block. */
  long blockBytes() {
    return (long) shape.layers() * shape.heads() * headBytes();
  }

  /** Where a head's keys start in a block. */
  long keyOffset(int layer, int head) {
    return ((long) layer * shape.heads() + head) * headBytes();
  }

  /** Where a head's values start in a block, if they are stored apart from its keys. */
  long valueOffset(int layer, int head) {
    return keyOffset(layer, head) + bytes(keyLength());
  }

  private long headBytes() {
    return bytes(shape.headElements());
  }

  /** Bytes of so many elements at all positions of a block. */
  private long bytes(int elements) {
    return (long) elements * KvCache.BLOCK_TOKENS * format.bytes();
  }
}
