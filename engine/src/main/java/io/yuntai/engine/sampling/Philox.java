package io.yuntai.engine.sampling;

/**
 * Philox 4x32-10, a counter-based random number generator: a bijection of a 128-bit counter under a
 * 64-bit key, with no state at all, so that a number depends only on its place.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
 * checked against the known answers that the authors publish with Random123.
 */
final class Philox {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  // Weyl increments of the key: the golden ratio and sqrt(3) - 1, as 32-bit fractions.
  private static final int KEY_STEP_0 = 0x9E3779B9;
  private static final int KEY_STEP_1 = 0xBB67AE85;

  private Philox() {}

  /**
   * One block of random bits.
   *
   * @param counter four words, lowest first
   * @param key two words, lowest first
   * @return four words
   */
  static int[] block(int[] counter, int[] key) {
    int c0 = counter[0];
    int c1 = counter[1];
    int c2 = counter[2];
    int c3 = counter[3];
    int k0 = key[0];
    int k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * Integer.toUnsignedLong(c0);
      long product1 = MULTIPLIER_1 * Integer.toUnsignedLong(c2);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += KEY_STEP_0;
      k1 += KEY_STEP_1;
    }
    return new int[] {c0, c1, c2, c3};
  }

  /**
   * The random number of one place in one stream: key = seed, counter = (position, stream), each 64
   * and 32 bits, the highest word zero.
   *
   * @param seed key
   * @param stream which of several streams under the same seed
   * @param position place in the stream
   * @return a multiple of 2^-53 in [0, 1): the upper 53 bits of the first two words
   */
  static double uniform(long seed, int stream, long position) {
    int[] words =
        block(
            new int[] {(int) position, (int) (position >>> 32), stream, 0},
            new int[] {(int) seed, (int) (seed >>> 32)});
    long bits = Integer.toUnsignedLong(words[0]) << 32 | Integer.toUnsignedLong(words[1]);
    return (bits >>> 11) * 0x1p-53;
  }
}
