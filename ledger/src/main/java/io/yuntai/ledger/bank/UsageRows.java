package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Usage records as rows. */
public final class UsageRows {
  /** The columns that {@link #read} takes, of {@code usage_rec u} and {@code ledger_name m}. */
  public static final String COLUMNS =
      "u.request_id, u.org_id, u.project_id, u.user_id, u.key_id, u.at, m.name, u.card_id, u.class,"
          + " u.input, u.cache_hit, u.cache_write, u.output, u.reasoning, u.amount_nano,"
          + " u.residue_pico, u.status";

  private UsageRows() {}

  /** Inserts those that aren't there yet; returns which these are. */
  static Set<UUID> insert(
      Connection connection,
      String sql,
      List<UsageRecord> records,
      Names names,
      ToLongFunction<UsageRecord> seq)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      Object[] ids = records.stream().map(UsageRecord::requestId).toArray();
      insert.setArray(1, connection.createArrayOf("uuid", ids));
      insert.setObject(2, longs(records, UsageRecord::orgId));
      insert.setObject(3, longs(records, UsageRecord::projectId));
      insert.setObject(4, longs(records, UsageRecord::userId));
      insert.setObject(5, longs(records, UsageRecord::keyId));
      insert.setObject(6, longs(records, seq));
      insert.setObject(
          7, longs(records, record -> ChronoUnit.MICROS.between(Instant.EPOCH, record.at())));
      insert.setObject(8, longs(records, UsageRecord::rateCardId));
      insert.setObject(9, longs(records, UsageRecord::amountNano));
      insert.setObject(10, ints(records, record -> names.id(record.model())));
      insert.setObject(11, ints(records, record -> record.tokens().input()));
      insert.setObject(12, ints(records, record -> record.tokens().cacheHit()));
      insert.setObject(13, ints(records, record -> record.tokens().cacheWrite()));
      insert.setObject(14, ints(records, record -> record.tokens().output()));
      insert.setObject(15, ints(records, record -> record.tokens().reasoning()));
      insert.setObject(16, shorts(records, UsageRecord::residuePico));
      insert.setObject(17, shorts(records, record -> record.serviceClass().code()));
      insert.setObject(18, shorts(records, record -> record.status().code()));
      Set<UUID> fresh = new HashSet<>();
      try (ResultSet row = insert.executeQuery()) {
        while (row.next()) {
          fresh.add(row.getObject(1, UUID.class));
        }
      }
      return fresh;
    }
  }

  /** The rows of these requests, as records without draws. */
  static Map<UUID, UsageRecord> find(Connection connection, List<UUID> ids) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select "
                + COLUMNS
                + " from usage_rec u join ledger_name m on m.id = u.model_id"
                + " where u.request_id = any(?::uuid[])")) {
      select.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      Map<UUID, UsageRecord> found = new HashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          UsageRecord record = read(row, 0);
          found.put(record.requestId(), record);
        }
      }
      return found;
    }
  }

  /** A row with {@link #COLUMNS} behind so many others, as a record without draws. */
  public static UsageRecord read(ResultSet row, int others) throws SQLException {
    return new UsageRecord(
        row.getObject(others + 1, UUID.class),
        row.getLong(others + 2),
        row.getLong(others + 3),
        row.getLong(others + 4),
        row.getLong(others + 5),
        row.getObject(others + 6, OffsetDateTime.class).toInstant(),
        row.getString(others + 7),
        row.getLong(others + 8),
        serviceClass(row.getInt(others + 9)),
        new MeteredTokens(
            row.getInt(others + 10),
            row.getInt(others + 11),
            row.getInt(others + 12),
            row.getInt(others + 13),
            row.getInt(others + 14)),
        row.getLong(others + 15),
        row.getInt(others + 16),
        UsageStatus.of(row.getInt(others + 17)),
        List.of());
  }

  private static ServiceClass serviceClass(int code) throws SQLException {
    for (ServiceClass one : ServiceClass.values()) {
      if (one.code() == code) {
        return one;
      }
    }
    throw new SQLException("no service class has the number " + code);
  }

  private static long[] longs(List<UsageRecord> records, ToLongFunction<UsageRecord> column) {
    return records.stream().mapToLong(column).toArray();
  }

  private static int[] ints(List<UsageRecord> records, ToIntFunction<UsageRecord> column) {
    return records.stream().mapToInt(column).toArray();
  }

  private static short[] shorts(List<UsageRecord> records, ToIntFunction<UsageRecord> column) {
    short[] values = new short[records.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) column.applyAsInt(records.get(i));
    }
    return values;
  }
}
