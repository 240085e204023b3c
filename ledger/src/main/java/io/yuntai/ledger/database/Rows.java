package io.yuntai.ledger.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Statements with parameters, and what their rows hold. Parameters are numbers, texts, booleans,
 * bytes, {@link Instant}s, lists of texts, or null.
 */
public final class Rows {
  private static final int FETCHED_AT_ONCE = 5_000;

  private Rows() {}

  /** Reads one row. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Makes a value of the row that the result is at. */
    T read(ResultSet row) throws SQLException;
  }

  /** All rows of a query. */
  public static <T> List<T> list(
      Connection connection, String sql, Reader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters);
        ResultSet row = statement.executeQuery()) {
      List<T> values = new ArrayList<>();
      while (row.next()) {
        values.add(reader.read(row));
      }
      return values;
    }
  }

  /** The first row of a query, or of what a statement returns. */
  public static <T> Optional<T> first(
      Connection connection, String sql, Reader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    List<T> rows = list(connection, sql, reader, parameters);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
  }

  /** Changes rows, and says how many. */
  public static int change(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** Runs a statement whose rows nobody reads, such as a call of a function. */
  public static void call(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters)) {
      statement.execute();
    }
  }

  /**
   * A query of many rows, within a transaction: they come some thousands at a time, and in binary,
   * since as texts their ids and times would take longer than all that is done with them.
   */
  public static PreparedStatement prepareMany(Connection connection, String sql)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setFetchSize(FETCHED_AT_ONCE);
    statement.unwrap(PGStatement.class).setPrepareThreshold(-1);
    return statement;
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < parameters.length; i++) {
        bind(connection, statement, i + 1, parameters[i]);
      }
      return statement;
    } catch (SQLException | RuntimeException failure) {
      statement.close();
      throw failure;
    }
  }

  private static void bind(
      Connection connection, PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case Instant time -> statement.setObject(index, time.atOffset(ZoneOffset.UTC));
      case List<?> texts ->
          statement.setArray(index, connection.createArrayOf("text", texts.toArray()));
      case byte[] bytes -> statement.setBytes(index, bytes);
      case null, default -> statement.setObject(index, value);
    }
  }

  /** A point in time; null where the column is. */
  public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** A point in time in a column that has one. */
  public static Instant time(ResultSet row, String column) throws SQLException {
    Instant time = instant(row, column);
    if (time == null) {
      throw new SQLException(column + " holds nothing");
    }
    return time;
  }

  /** A number; 0 where the column is null. */
  public static long number(ResultSet row, String column) throws SQLException {
    return row.getLong(column);
  }

  /** Texts of a column of type {@code text[]} or {@code cidr[]}; null where the column is. */
  public static @Nullable List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    if (array == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Object element : (Object[]) array.getArray()) {
      texts.add(element.toString());
    }
    return List.copyOf(texts);
  }

  /** The same, empty where the column is null. */
  public static List<String> textsOrNone(ResultSet row, String column) throws SQLException {
    List<String> texts = texts(row, column);
    return texts == null ? List.of() : texts;
  }
}
