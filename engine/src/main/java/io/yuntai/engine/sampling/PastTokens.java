package io.yuntai.engine.sampling;

/** A sequence's tokens so far, prompt and answer, as the repetition penalty sees them. */
public interface PastTokens {
  /** Of a sequence that has none. */
  PastTokens NONE =
      new PastTokens() {
        @Override
        public int length() {
          return 0;
        }

        @Override
        public int token(int position) {
          throw new IndexOutOfBoundsException(position);
        }
      };

  /** How many there are. */
  int length();

  /**
   * The id of one.
   *
   * @param position from 0, below {@link #length}
   */
  int token(int position);
}
