package io.yuntai.ledger.prices;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Rows of price books, as statements on a connection. */
final class PriceSql {
  private PriceSql() {}

  /** Commits the work or nothing of it; within a transaction of this pool, together with that. */
  static <T> T transaction(DataSource database, String doing, Transactions.Work<T> work) {
    try {
      return Transactions.within(database, work);
    } catch (SQLException failure) {
      throw new DatabaseException(
          "The database could not "
              + doing
              + ": "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  static Instant now(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("select clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null || time.getYear() > 9_999 || time.getYear() < 0 ? null : time.toInstant();
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable OffsetDateTime timeOrNull(@Nullable Instant instant) {
    return instant == null ? null : time(instant);
  }

  static void insertItems(Connection connection, long bookId, List<PriceItem> items)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into price_item (book_id, sku, meter, service_class, tier_rule, tier, valid, band, price_pico)"
                + " values (?, ?, ?, ?, ?, int8range(?, ?), tstzrange(?, ?), int4range(?, ?), ?)")) {
      for (PriceItem item : items) {
        insert.setLong(1, bookId);
        insert.setString(2, item.sku());
        insert.setString(3, item.meter().text());
        insert.setString(4, item.serviceClass().text());
        insert.setString(5, item.rule().text());
        insert.setLong(6, item.tierFrom());
        insert.setObject(
            7, item.tierTo() == Long.MAX_VALUE ? null : item.tierTo(), java.sql.Types.BIGINT);
        insert.setObject(8, timeOrNull(item.validFrom()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
        insert.setObject(9, timeOrNull(item.validUntil()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
        insert.setInt(10, item.band().from());
        insert.setInt(11, item.band().until());
        insert.setLong(12, item.pricePico());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  static void insertFactors(Connection connection, long bookId, List<Adjustment> adjustments)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into price_factor (book_id, sku, meter, service_class, band, num, den, stack_group, rank)"
                + " values (?, ?, ?, ?, int4range(?, ?), ?, ?, ?, ?)")) {
      for (Adjustment adjustment : adjustments) {
        insert.setLong(1, bookId);
        insert.setString(2, adjustment.sku());
        insert.setString(3, adjustment.meter() == null ? null : adjustment.meter().text());
        insert.setString(
            4, adjustment.serviceClass() == null ? null : adjustment.serviceClass().text());
        insert.setInt(5, adjustment.band().from());
        insert.setInt(6, adjustment.band().until());
        insert.setBigDecimal(7, new BigDecimal(adjustment.factor().num()));
        insert.setBigDecimal(8, new BigDecimal(adjustment.factor().den()));
        insert.setString(9, adjustment.group());
        insert.setInt(10, adjustment.rank());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Books that a condition fits, by name and version, with all their prices. */
  static List<BookVersion> books(Connection connection, String condition, Object... values)
      throws SQLException {
    return ordered(connection, condition + " order by name, version", values);
  }

  /** So many versions at most that come after one in the order of names. */
  static List<BookVersion> after(Connection connection, String name, int version, int most)
      throws SQLException {
    String after = "(name, version) > (?, ?) order by name, version limit ?";
    return ordered(connection, after, name, version, most);
  }

  private static List<BookVersion> ordered(
      Connection connection, String conditionAndOrder, Object... values) throws SQLException {
    List<BookVersion> books = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select id, name, version, currency, zone, note, created_at, effective_from, published_at, sha256"
                + " from price_book where "
                + conditionAndOrder)) {
      for (int value = 0; value < values.length; value++) {
        select.setObject(value + 1, values[value]);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long id = row.getLong(1);
          Instant created = row.getObject(7, OffsetDateTime.class).toInstant();
          Instant from = instant(row, 8);
          books.add(
              new BookVersion(
                  id,
                  row.getInt(3),
                  row.getString(6),
                  created,
                  instant(row, 9),
                  row.getString(10),
                  new PriceBook(
                      row.getString(2),
                      IsoCurrency.of(row.getString(4)),
                      ZoneId.of(row.getString(5)),
                      from == null ? created : from,
                      items(connection, id),
                      adjustments(connection, id))));
        }
      }
    }
    return books;
  }

  private static List<PriceItem> items(Connection connection, long bookId) throws SQLException {
    List<PriceItem> items = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select sku, meter, service_class, tier_rule, lower(tier), upper(tier), lower(valid), upper(valid),"
                + " lower(band), upper(band), price_pico from price_item where book_id = ?"
                + " order by sku collate \"C\", meter, service_class, tier, valid, band")) {
      select.setLong(1, bookId);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long tierTo = row.getLong(6);
          items.add(
              new PriceItem(
                  row.getString(1),
                  Meter.of(row.getString(2)),
                  ServiceClass.of(row.getString(3)),
                  TierRule.of(row.getString(4)),
                  row.getLong(5),
                  tierTo == 0 ? Long.MAX_VALUE : tierTo,
                  instant(row, 7),
                  instant(row, 8),
                  new DayBand(row.getInt(9), row.getInt(10)),
                  row.getLong(11)));
        }
      }
    }
    return items;
  }

  private static List<Adjustment> adjustments(Connection connection, long bookId)
      throws SQLException {
    List<Adjustment> adjustments = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select sku, meter, service_class, lower(band), upper(band), num, den, stack_group, rank"
                + " from price_factor where book_id = ? order by sku collate \"C\", stack_group, rank, band")) {
      select.setLong(1, bookId);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          String meter = row.getString(2);
          String serviceClass = row.getString(3);
          adjustments.add(
              new Adjustment(
                  row.getString(1),
                  meter == null ? null : Meter.of(meter),
                  serviceClass == null ? null : ServiceClass.of(serviceClass),
                  new DayBand(row.getInt(4), row.getInt(5)),
                  ratio(row, 6),
                  row.getString(8),
                  row.getInt(9)));
        }
      }
    }
    return adjustments;
  }

  static Ratio ratio(ResultSet row, int column) throws SQLException {
    return new Ratio(
        row.getBigDecimal(column).toBigIntegerExact(),
        row.getBigDecimal(column + 1).toBigIntegerExact());
  }
}
