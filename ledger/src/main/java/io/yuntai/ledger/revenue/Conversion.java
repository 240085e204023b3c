package io.yuntai.ledger.revenue;

import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.LargestRemainder;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.FxRates;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Converts amounts of a month at the last rate that is known on its last day. */
final class Conversion {
  private record Place(YearMonth month, IsoCurrency from) {}

  private final Connection connection;
  private final IsoCurrency to;
  private final @Nullable String source;
  private final Map<Place, RevenueReport.UsedRate> rates = new HashMap<>();

  Conversion(Connection connection, IsoCurrency to, @Nullable String source) {
    this.connection = connection;
    this.to = to;
    this.source = source;
  }

  /** Each amount converted, so that together they are what their sum converts to, half to even. */
  List<BigInteger> convert(YearMonth month, IsoCurrency from, List<BigInteger> nano)
      throws SQLException {
    if (from.equals(to) || nano.stream().allMatch(one -> one.signum() == 0)) {
      return nano;
    }
    Ratio rate = rate(month, from).rate();
    return LargestRemainder.round(
        nano.stream().map(one -> one.multiply(rate.num())).toList(), rate.den());
  }

  private RevenueReport.UsedRate rate(YearMonth month, IsoCurrency from) throws SQLException {
    Place place = new Place(month, from);
    RevenueReport.UsedRate known = rates.get(place);
    if (known != null) {
      return known;
    }
    FxRates.Kept kept =
        FxRates.latest(connection, from, to, month.atEndOfMonth(), source)
            .orElseThrow(() ->
                new RevenueException(
                    "There is no exchange rate of "
                        + from
                        + " to "
                        + to
                        + " on "
                        + month.atEndOfMonth()
                        + " or before: 'yuntai prices fx "
                        + from
                        + " "
                        + to
                        + " RATE --day DAY --source NAME' keeps one."));
    Ratio rate =
        kept.rate().base().equals(from) ? kept.rate().rate() : kept.rate().rate().inverse();
    RevenueReport.UsedRate used =
        new RevenueReport.UsedRate(
            month, from, kept.id(), kept.rate().asOf(), kept.rate().source(), rate);
    rates.put(place, used);
    return used;
  }

  /** The rates of a month and later ones. */
  List<RevenueReport.UsedRate> used(YearMonth since) {
    Map<String, RevenueReport.UsedRate> sorted = new TreeMap<>();
    rates.forEach((place, rate) -> {
      if (!place.month().isBefore(since)) {
        sorted.put(place.month() + " " + place.from(), rate);
      }
    });
    return List.copyOf(sorted.values());
  }
}
