package io.yuntai.engine.decoder;

/**
 * A low-rank adapter that a {@link Decoder} has loaded: what it adds to matrix products of the
 * tokens that go through it (Hu et al., "LoRA", 2021).
 *
 * <p>Belongs to the decoder that loaded it, and may be closed when no batch names it any more.
 */
public interface Adapter extends AutoCloseable {
  /** No adapter: the model as it is. */
  Adapter NONE =
      new Adapter() {
        @Override
        public long bytes() {
          return 0;
        }

        @Override
        public void close() {}
      };

  /** Memory that it takes. */
  long bytes();

  /** Gives the memory back. */
  @Override
  void close();
}
