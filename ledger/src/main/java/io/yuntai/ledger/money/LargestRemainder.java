package io.yuntai.ledger.money;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Rounds the lines of a bill so that they add up to the rounded sum.
 *
 * <p>The exact sum is rounded once, half to even; each line is rounded down; what is missing then
 * goes unit by unit to the lines with the largest remainders, of equal ones to the first
 * (Hamilton's method). No line is off by a whole unit, the total by at most half of one.
 */
public final class LargestRemainder {
  private LargestRemainder() {}

  /**
   * @param exact each line's exact amount, of either sign
   * @param unit what is rounded to, in the same measure, above 0
   * @return each line in whole units
   */
  public static List<BigInteger> round(List<BigInteger> exact, BigInteger unit) {
    BigInteger sum = exact.stream().reduce(BigInteger.ZERO, BigInteger::add);
    List<BigInteger> rounded = new ArrayList<>();
    List<BigInteger> remainders = new ArrayList<>();
    BigInteger missing = Rounding.halfEven(sum, unit);
    for (BigInteger line : exact) {
      BigInteger floor = Rounding.floor(line, unit);
      rounded.add(floor);
      remainders.add(line.subtract(floor.multiply(unit)));
      missing = missing.subtract(floor);
    }
    List<Integer> order = new ArrayList<>();
    for (int line = 0; line < exact.size(); line++) {
      order.add(line);
    }
    order.sort(Comparator.comparing((Integer line) -> remainders.get(line)).reversed()); // stable
    for (int line : order.subList(0, missing.intValueExact())) {
      rounded.set(line, rounded.get(line).add(BigInteger.ONE));
    }
    return List.copyOf(rounded);
  }
}
