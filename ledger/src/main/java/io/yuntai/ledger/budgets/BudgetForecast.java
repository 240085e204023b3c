package io.yuntai.ledger.budgets;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a budget will stand if what is left of its window goes on as what has passed of it did.
 *
 * @param percent what is used of it now; 0 for a budget of nothing
 * @param hitsAt when it will be used up, if that is before its window ends; an estimate
 * @param usedUp whether nothing is left of it
 */
public record BudgetForecast(double percent, Optional<Instant> hitsAt, boolean usedUp) {
  /** Before so much of a window has passed, what comes can't be told from it. */
  private static final Duration LEAST_KNOWN = Duration.ofSeconds(30);

  /** At an instant within the budget's window. */
  public static BudgetForecast of(BudgetStatus status, Instant now) {
    BudgetTerms terms = status.budget().terms();
    long amount = terms.amount();
    long used = status.used();
    double percent = amount == 0 ? 0 : used * 100.0 / amount;
    if (used >= amount) {
      return new BudgetForecast(percent, Optional.empty(), true);
    }
    Instant from =
        status.window().from().equals(Instant.MIN)
            ? status.budget().created()
            : status.window().from();
    Duration known = Duration.between(from, now);
    if (terms.unit() == Unit.PARALLEL || used == 0 || known.compareTo(LEAST_KNOWN) < 0) {
      return new BudgetForecast(percent, Optional.empty(), false);
    }
    double seconds = (amount - used) / (used / (known.toMillis() / 1000.0));
    // Further away than anybody plans for.
    if (seconds > Duration.ofDays(3660).toSeconds()) {
      return new BudgetForecast(percent, Optional.empty(), false);
    }
    Instant hit = now.plusSeconds((long) seconds);
    return new BudgetForecast(
        percent, Optional.of(hit).filter(at -> at.isBefore(status.window().to())), false);
  }
}
