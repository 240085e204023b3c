package io.yuntai.engine.speculation;

/** Never has an idea. */
final class NoDrafts implements Drafter, Drafts {
  @Override
  public Drafts begin(TokenSequence sequence, int maxLength) {
    return this;
  }

  @Override
  public int prepare() {
    return 0;
  }

  @Override
  public double chance(int index) {
    return 0;
  }

  @Override
  public double costNanos(int tokens) {
    return 0;
  }

  @Override
  public int propose(int[] into, int most) {
    return 0;
  }

  @Override
  public void verified(int proposed, int accepted) {}

  @Override
  public void close() {}
}
