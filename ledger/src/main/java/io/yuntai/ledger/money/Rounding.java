package io.yuntai.ledger.money;

import java.math.BigInteger;

/** Divisions of integers that say how they round. Divisors are above 0. */
public final class Rounding {
  private Rounding() {}

  /** To the nearest integer; a half to the even one. */
  public static BigInteger halfEven(BigInteger dividend, BigInteger divisor) {
    BigInteger floor = floor(dividend, divisor);
    BigInteger rest = dividend.subtract(floor.multiply(divisor));
    int half = rest.shiftLeft(1).compareTo(divisor);
    boolean up = half > 0 || (half == 0 && floor.testBit(0));
    return up ? floor.add(BigInteger.ONE) : floor;
  }

  /** Towards negative infinity. */
  public static BigInteger floor(BigInteger dividend, BigInteger divisor) {
    if (divisor.signum() <= 0) {
      throw new IllegalArgumentException("a divisor of " + divisor);
    }
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /** Towards positive infinity. */
  public static BigInteger ceiling(BigInteger dividend, BigInteger divisor) {
    return floor(dividend.negate(), divisor).negate();
  }
}
