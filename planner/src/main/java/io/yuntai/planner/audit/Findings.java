package io.yuntai.planner.audit;

import io.yuntai.planner.statements.Decimals;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits that are broken. Solvers reckon in binary fractions, so a millionth of a limit is allowed.
 */
final class Findings {
  private static final BigDecimal ALLOWED = BigDecimal.ONE.movePointLeft(6);
  private static final int MOST = 100;

  private final List<String> sentences = new ArrayList<>();

  void atMost(BigDecimal value, BigDecimal limit, String what) {
    BigDecimal allowed = Decimals.times(limit.abs().max(BigDecimal.ONE), ALLOWED);
    if (value.compareTo(limit.add(allowed)) > 0) {
      broken(
          "%s is %s, and may be %s at most"
              .formatted(
                  what,
                  value.round(new java.math.MathContext(12)).toPlainString(),
                  limit.round(new java.math.MathContext(12)).toPlainString()));
    }
  }

  void equal(BigDecimal value, BigDecimal wanted, String what) {
    atMost(value, wanted, what);
    atMost(value.negate(), wanted.negate(), "the negative of " + what);
  }

  void broken(String sentence) {
    if (sentences.size() < MOST) {
      sentences.add(sentence);
    }
  }

  List<String> sentences() {
    return List.copyOf(sentences);
  }
}
