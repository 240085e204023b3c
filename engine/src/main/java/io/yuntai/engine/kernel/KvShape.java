package io.yuntai.engine.kernel;

/**
 * What a {@link KvCache} holds of each position.
 *
 * @param layers number of layers
 * @param heads key-value heads of a layer
 * @param keyLength elements of one key
 * @param valueLength elements of one value
 * @param valueInKey whether a value is the first {@code valueLength} elements of its key, and so
 *     not stored a second time (latent attention's compressed keys and values)
 */
public record KvShape(int layers, int heads, int keyLength, int valueLength, boolean valueInKey) {
  /** The usual shape: values beside keys. */
  public KvShape(int layers, int heads, int keyLength, int valueLength) {
    this(layers, heads, keyLength, valueLength, false);
  }

  /** Elements that are stored of one head at one position of one layer. */
  public int headElements() {
    return valueInKey ? keyLength : keyLength + valueLength;
  }

  /** Elements that are stored of one position in all layers. */
  public long elements() {
    return (long) layers * heads * headElements();
  }
}
