package io.yuntai.ledger.prices;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** See {@link PriceStore#supposed}. For one thread. */
final class SupposedCards implements RateCards {
  private final PriceBook book;
  private final Contract contract;
  private final TreeMap<Instant, RateCard> cards = new TreeMap<>();

  SupposedCards(PriceBook book, List<Contract.Factor> factors) {
    this.book = book.from(Instant.EPOCH);
    this.contract = new Contract(0, book.name(), Instant.EPOCH, null, factors);
  }

  @Override
  public RateCard current(long orgId, Instant at) {
    Map.Entry<Instant, RateCard> known = cards.floorEntry(at);
    if (known != null && at.isBefore(known.getValue().until())) {
      return known.getValue();
    }
    RateCard card =
        new CompiledCard(cards.size() + 1L, CardCompiler.compile(book, contract, at, null));
    cards.put(card.from(), card);
    return card;
  }

  @Override
  public RateCard cited(long cardId) {
    throw new IllegalArgumentException("nothing cites a simulation");
  }
}
