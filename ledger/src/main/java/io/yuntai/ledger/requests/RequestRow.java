package io.yuntai.ledger.requests;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * A request as people look at it: with names for its numbers, and what the ledger says of it.
 *
 * @param id the row's; grows with the time of writing
 * @param tenant empty where nobody is known to have asked
 * @param currency the tenant's; empty as above
 * @param key the key's id; empty for none
 * @param keyName what its owner calls it
 * @param user the person's e-mail address; empty for nobody's
 * @param priceBook the price book that it was rated with, {@code NAME@VERSION}; empty for none
 * @param entry the ledger's entry that it is part of; empty until it is settled, and for what costs
 *     nothing and draws from nothing
 */
public record RequestRow(
    long id,
    LoggedRequest request,
    String tenant,
    String currency,
    String project,
    String key,
    String keyName,
    String user,
    String priceBook,
    OptionalLong entry) {
  /** Its exact price in the tenant's currency, with 12 decimals. */
  public BigDecimal amount() {
    return BigDecimal.valueOf(request.cost().amountNano(), 9)
        .add(BigDecimal.valueOf(request.cost().residuePico(), 12));
  }
}
