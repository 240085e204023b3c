package io.yuntai.ledger.leases;

/** Sums and products of amounts, none negative, that stay at the largest instead of overflowing. */
final class Saturating {
  private Saturating() {}

  static long add(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  static long multiply(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }
}
