package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import java.util.ArrayList;
import java.util.List;

/** Why lines are what they are. */
final class Reasons {
  private Reasons() {}

  static List<InvoiceStore.Reason> of(RateCards cards, UsageRecord usage, InvoiceLine line) {
    if (!usage.model().equals(line.model())
        || !usage.serviceClass().text().equals(line.serviceClass())) {
      return List.of();
    }
    RateCard card = cards.cited(usage.rateCardId());
    MeteredTokens tokens = usage.tokens();
    Rates.Tier tier =
        card.rates(usage.model(), usage.serviceClass(), usage.at())
            .orElseThrow()
            .tierOf(tokens.inputLength());
    List<InvoiceStore.Reason> reasons = new ArrayList<>();
    for (UsageSum.Counted counted : UsageSum.counted(tokens, tier)) {
      if (counted.units() > 0
          && counted.meter().text().equals(line.meter())
          && counted.pico() == line.pricePico()) {
        reasons.add(new InvoiceStore.Reason(usage, counted.units(), counted.pico(), card.sha256()));
      }
    }
    return reasons;
  }
}
