package io.yuntai.ledger.prices;

import java.math.BigInteger;
import java.util.List;

/**
 * A price that goes by what a whole month used. Requests are charged at the dearest of its steps,
 * which no order of requests can change; the month's invoice gives back the difference ({@code
 * docs/decisions/027}).
 *
 * @param rule {@link TierRule#GRADUATED} or {@link TierRule#VOLUME}
 * @param steps by growing {@code from}, the first from 0
 */
public record MonthlyPrice(Meter meter, TierRule rule, List<Step> steps) {
  /**
   * A tier.
   *
   * @param from the first unit of it
   * @param pico the price of a unit
   */
  public record Step(long from, long pico) {}

  public MonthlyPrice {
    steps = List.copyOf(steps);
    if (!rule.monthly() || steps.isEmpty() || steps.getFirst().from() != 0) {
      throw new IllegalArgumentException(rule + " " + steps);
    }
  }

  /** What a request is charged for each unit. */
  public long dearestPico() {
    return steps.stream().mapToLong(Step::pico).max().orElseThrow();
  }

  /**
   * What units cost that came after others in the same month, in pico. However a month is cut into
   * pieces, they add up to what it costs whole: where more units make those before cheaper, the
   * later piece gives that back and may be negative.
   *
   * @param before how many came before
   * @param units how many of them
   */
  public BigInteger pico(long before, long units) {
    return whole(Math.addExact(before, units)).subtract(whole(before));
  }

  private BigInteger whole(long units) {
    return switch (rule) {
      case GRADUATED -> upTo(units);
      case VOLUME ->
          BigInteger.valueOf(stepOf(Math.max(0, units - 1))).multiply(BigInteger.valueOf(units));
      case FLAT, INPUT_LENGTH -> throw new IllegalStateException();
    };
  }

  private BigInteger upTo(long units) {
    BigInteger sum = BigInteger.ZERO;
    for (int step = 0; step < steps.size(); step++) {
      long from = steps.get(step).from();
      long to = step + 1 < steps.size() ? steps.get(step + 1).from() : Long.MAX_VALUE;
      long inside = Math.min(units, to) - from;
      if (inside > 0) {
        sum =
            sum.add(
                BigInteger.valueOf(inside).multiply(BigInteger.valueOf(steps.get(step).pico())));
      }
    }
    return sum;
  }

  private long stepOf(long unit) {
    long pico = 0;
    for (Step step : steps) {
      if (step.from() <= unit) {
        pico = step.pico();
      }
    }
    return pico;
  }
}
