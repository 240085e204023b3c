package io.yuntai.engine.prefix;

/** A prompt's blocks outside of the decoder's memory. For the step thread. */
public interface KeptPrompt {
  /** Nothing was kept, nothing will be. */
  KeptPrompt NONE =
      new KeptPrompt() {
        @Override
        public int found() {
          return 0;
        }

        @Override
        public void restore(int index, int block) {
          throw new IllegalStateException("there is nothing to restore");
        }

        @Override
        public void release() {}

        @Override
        public void keep(int[] blocks, int full) {}
      };

  /** How many of the prompt's first blocks can be restored. */
  int found();

  /** Copies one of these into a block of the decoder's memory. */
  void restore(int index, int block);

  /** Gives the memory of what was found back; from then on nothing is found. */
  void release();

  /**
   * Keeps the prompt's full blocks that are not kept yet, as far as there is a place for them now.
   *
   * @param blocks of the sequence, in order
   * @param full how many of them are full
   */
  void keep(int[] blocks, int full);
}
