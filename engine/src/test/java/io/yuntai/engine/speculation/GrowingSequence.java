package io.yuntai.engine.speculation;

/** A sequence that a test adds to. */
final class GrowingSequence implements TokenSequence {
  private final int[] tokens;
  private int length;

  GrowingSequence(int most, int... first) {
    tokens = new int[most];
    add(first);
  }

  void add(int... more) {
    System.arraycopy(more, 0, tokens, length, more.length);
    length += more.length;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int token(int position) {
    if (position < 0 || position >= length) {
      throw new IndexOutOfBoundsException(position);
    }
    return tokens[position];
  }
}
