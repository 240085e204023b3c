package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads usage rows as records without draws. It knows the models' names: to have the database join
 * them costs more than the rows do.
 */
public final class UsageReader {
  /** The columns that {@link #read} takes, of {@code usage_rec u}. */
  public static final String COLUMNS =
      "u.request_id, u.org_id, u.project_id, u.user_id, u.key_id, u.at, u.model_id, u.card_id,"
          + " u.class, u.input, u.cache_hit, u.cache_write, u.output, u.reasoning, u.amount_nano,"
          + " u.residue_pico, u.status";

  private final Map<Integer, String> names;

  private UsageReader(Map<Integer, String> names) {
    this.names = names;
  }

  /** For rows that a connection sees already. */
  public static UsageReader of(Connection connection) throws SQLException {
    Map<Integer, String> names = new HashMap<>();
    try (PreparedStatement select =
            connection.prepareStatement("select id, name from ledger_name");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        names.put(row.getInt(1), row.getString(2));
      }
    }
    return new UsageReader(names);
  }

  /**
   * A row with {@link #COLUMNS} behind so many others. A model whose name is gone has the empty
   * one, so that the row agrees with no hash of it.
   */
  public UsageRecord read(ResultSet row, int others) throws SQLException {
    return new UsageRecord(
        row.getObject(others + 1, UUID.class),
        row.getLong(others + 2),
        row.getLong(others + 3),
        row.getLong(others + 4),
        row.getLong(others + 5),
        row.getObject(others + 6, OffsetDateTime.class).toInstant(),
        names.getOrDefault(row.getInt(others + 7), ""),
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
}
