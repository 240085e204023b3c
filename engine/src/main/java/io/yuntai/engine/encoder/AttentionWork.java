package io.yuntai.engine.encoder;

import java.util.Arrays;

/**
 * The queries of a batch, cut into pieces of one sequence each.
 *
 * @param starts where each sequence starts; the last entry is the number of tokens
 * @param firstPieces likewise counted in pieces
 * @param most queries of a piece at most
 */
record AttentionWork(int[] starts, int[] firstPieces, int most) {
  static AttentionWork of(int[] starts, int most) {
    int[] firstPieces = new int[starts.length];
    for (int i = 1; i < starts.length; i++) {
      firstPieces[i] = firstPieces[i - 1] + Math.ceilDiv(starts[i] - starts[i - 1], most);
    }
    return new AttentionWork(starts, firstPieces, most);
  }

  int pieces() {
    return firstPieces[firstPieces.length - 1];
  }

  int firstToken(int piece) {
    return starts[sequence(piece)];
  }

  int tokens(int piece) {
    int sequence = sequence(piece);
    return starts[sequence + 1] - starts[sequence];
  }

  int firstQuery(int piece) {
    return (piece - firstPieces[sequence(piece)]) * most;
  }

  int queryCount(int piece) {
    return Math.min(most, tokens(piece) - firstQuery(piece));
  }

  private int sequence(int piece) {
    int found = Arrays.binarySearch(firstPieces, piece);
    return found >= 0 ? found : -found - 2;
  }
}
