package io.yuntai.ledger.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
final class UsageRows {
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
                + UsageReader.COLUMNS
                + " from usage_rec u where u.request_id = any(?::uuid[])")) {
      select.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      UsageReader reader = UsageReader.of(connection);
      Map<UUID, UsageRecord> found = new HashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          UsageRecord record = reader.read(row, 0);
          found.put(record.requestId(), record);
        }
      }
      return found;
    }
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
