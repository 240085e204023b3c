package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.CompiledCard;
import io.yuntai.ledger.prices.Meter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.MonthlyPrice;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.SkuPrices;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Rates a settled request again by the card that it cites. */
final class RequestRating {
  private RequestRating() {}

  /**
   * The prices that a request was charged by.
   *
   * @throws InvoiceException when its card has none
   */
  static Rates rates(RateCard card, UsageRecord usage) {
    return card.rates(usage.model(), usage.serviceClass(), usage.at())
        .orElseThrow(() ->
            new InvoiceException(
                "Request "
                    + usage.requestId()
                    + " used "
                    + usage.model()
                    + ", for which its rate card "
                    + usage.rateCardId()
                    + " has no price."));
  }

  /**
   * What a request cost.
   *
   * @throws InvoiceException when it was charged anything else
   */
  static Charge checked(Rates rates, UsageRecord usage) {
    Charge charge = rates.charge(usage.tokens());
    if (charge.amountNano() != usage.amountNano() || charge.residuePico() != usage.residuePico()) {
      throw new InvoiceException(
          "Request "
              + usage.requestId()
              + " was charged "
              + usage.amountNano()
              + " nano and "
              + usage.residuePico()
              + " pico, and rate card "
              + usage.rateCardId()
              + " makes that "
              + charge.amountNano()
              + " and "
              + charge.residuePico()
              + ".");
    }
    return charge;
  }

  /** In the order of {@link UsageSum#counted}. */
  static MeteredTokens left(List<UsageSum.Counted> counted) {
    int[] units = counted.stream().mapToInt(one -> Math.toIntExact(one.units())).toArray();
    return new MeteredTokens(units[0], units[1], units[2], units[3], units[4]);
  }

  /** Which of a request's counts have a price that goes by the month. */
  static Set<Meter> monthlyMeters(CompiledCard card, UsageRecord usage) {
    SkuPrices prices = card.prices(usage.model(), usage.serviceClass());
    Set<Meter> meters = EnumSet.noneOf(Meter.class);
    if (prices != null) {
      for (MonthlyPrice monthly : prices.monthly()) {
        switch (monthly.meter()) {
          case EMBED, RERANK ->
              meters.addAll(Set.of(Meter.INPUT, Meter.CACHE_HIT, Meter.CACHE_WRITE));
          default -> meters.add(monthly.meter());
        }
      }
    }
    return meters;
  }

  static long units(Meter meter, MeteredTokens tokens) {
    return switch (meter) {
      case INPUT -> tokens.input();
      case CACHE_HIT -> tokens.cacheHit();
      case CACHE_WRITE -> tokens.cacheWrite();
      case OUTPUT -> tokens.output();
      case REASONING -> tokens.reasoning();
      case EMBED, RERANK -> tokens.inputLength();
      case IMAGE, GPU_MS, GB_H, TRAIN_TOK, TPM_DAY -> 0;
    };
  }
}
