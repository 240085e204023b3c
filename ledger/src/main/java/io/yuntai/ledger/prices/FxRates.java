package io.yuntai.ledger.prices;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.money.FxRate;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Exchange rates in the database: each is kept once, for its day and source, and never changed. */
public final class FxRates {
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private final DataSource database;

  public FxRates(DataSource database) {
    this.database = database;
  }

  /**
   * A kept rate, which a conversion names by its id.
   *
   * @param id of its row
   */
  public record Kept(long id, FxRate rate) {}

  /**
   * Keeps a rate; the same one again changes nothing.
   *
   * @throws MoneyException when the source gave another for that day
   */
  public Kept keep(FxRate rate) {
    Ratio ratio = rate.rate();
    if (ratio.num().compareTo(LARGEST) > 0 || ratio.den().compareTo(LARGEST) > 0) {
      throw new MoneyException("The exchange rate " + ratio + " has too many digits.");
    }
    PriceSql.<Integer>transaction(
        database,
        "keep the exchange rate",
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into fx_rate (base, quote, as_of, source, num, den) values (?, ?, ?, ?, ?, ?)"
                      + " on conflict do nothing")) {
            insert.setString(1, rate.base().code());
            insert.setString(2, rate.quote().code());
            insert.setObject(3, rate.asOf());
            insert.setString(4, rate.source());
            insert.setLong(5, ratio.num().longValueExact());
            insert.setLong(6, ratio.den().longValueExact());
            return insert.executeUpdate();
          }
        });
    Kept kept =
        find(rate.base(), rate.quote(), rate.asOf(), rate.source())
            .filter(found -> found.rate().asOf().equals(rate.asOf()))
            .orElseThrow();
    if (!kept.rate().equals(rate)) {
      throw new MoneyException(
          rate.source()
              + " gave "
              + kept.rate().rate()
              + " for "
              + rate.base()
              + " in "
              + rate.quote()
              + " on "
              + rate.asOf()
              + " already; a rate never changes.");
    }
    return kept;
  }

  /** The last rate of a source on a day or before. */
  public Optional<Kept> find(IsoCurrency base, IsoCurrency quote, LocalDate day, String source) {
    return PriceSql.transaction(
        database,
        "find an exchange rate",
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select id, as_of, num, den from fx_rate where base = ? and quote = ? and source = ?"
                      + " and as_of <= ? order by as_of desc limit 1")) {
            select.setString(1, base.code());
            select.setString(2, quote.code());
            select.setString(3, source);
            select.setObject(4, day);
            try (ResultSet row = select.executeQuery()) {
              return row.next()
                  ? Optional.of(
                      new Kept(
                          row.getLong(1),
                          new FxRate(
                              base,
                              quote,
                              row.getObject(2, LocalDate.class),
                              source,
                              Ratio.of(row.getLong(3), row.getLong(4)))))
                  : Optional.empty();
            }
          }
        });
  }

  /**
   * The last rate between two currencies, in either direction, on a day or before.
   *
   * @param source null for anybody's
   */
  public static Optional<Kept> latest(
      Connection connection,
      IsoCurrency one,
      IsoCurrency other,
      LocalDate day,
      @Nullable String source)
      throws SQLException {
    return Rows.first(
        connection,
        "select id, base, quote, as_of, source, num, den from fx_rate"
            + " where base in (?, ?) and quote in (?, ?) and as_of <= ?::date"
            + " and (?::text is null or source = ?::text)"
            + " order by as_of desc, base = ? desc, source collate \"C\", id limit 1",
        row ->
            new Kept(
                row.getLong(1),
                new FxRate(
                    IsoCurrency.of(row.getString(2)),
                    IsoCurrency.of(row.getString(3)),
                    row.getObject(4, LocalDate.class),
                    row.getString(5),
                    Ratio.of(row.getLong(6), row.getLong(7)))),
        one.code(),
        other.code(),
        one.code(),
        other.code(),
        day.toString(),
        source,
        source,
        one.code());
  }
}
