package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.Ratio;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By which price book an organisation pays, and what it gets off.
 *
 * @param bookName the book
 * @param from the first instant
 * @param until null while it has no end
 * @param factors what is paid of the book's prices; of those that fit a model, the longest counts
 */
public record Contract(
    long orgId, String bookName, Instant from, @Nullable Instant until, List<Factor> factors) {
  public Contract {
    factors = List.copyOf(factors);
  }

  /**
   * What is paid of some models' prices.
   *
   * @param sku see {@link Sku}
   */
  public record Factor(String sku, Ratio factor) {}
}
