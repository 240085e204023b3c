package io.yuntai.ledger.verify;

/**
 * What a check found.
 *
 * @param name the check's name, such as {@code counters-within-limits}
 * @param rule what must hold, in a sentence
 * @param rows how many rows it looked at
 * @param bad how many of them break the rule
 * @param firstBad the first that does, in words; empty when none does
 */
public record CheckResult(String name, String rule, long rows, long bad, String firstBad) {
  /** Whether no row breaks the rule. */
  public boolean holds() {
    return bad == 0;
  }

  /** One check's results of two parts of what it looks at, this one's first. */
  CheckResult and(CheckResult next) {
    return new CheckResult(
        name, rule, rows + next.rows, bad + next.bad, bad > 0 ? firstBad : next.firstBad);
  }
}
