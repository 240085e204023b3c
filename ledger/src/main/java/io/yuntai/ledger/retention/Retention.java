package io.yuntai.ledger.retention;

import io.yuntai.ledger.database.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Seals old days, one transaction each. */
public final class Retention {
  /** Thirteen months and some days: as long as ids are taken. */
  public static final int USAGE_DAYS = 400;

  /** Receipts are of use until they were compared, and for questions some weeks after. */
  public static final int RECEIPT_DAYS = 35;

  /** Fewer would be in the way of settlements that come late. */
  public static final int LEAST_DAYS = 8;

  private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;

  private final DataSource database;
  private final Path folder;

  /**
   * @param folder where files of days go; made where there is none
   */
  public Retention(DataSource database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  /**
   * A day that went to a file.
   *
   * @param rows how many requests it had
   * @param file where they are
   */
  public record Sealed(LocalDate day, long rows, Path file) {}

  /**
   * Moves days of usage to files, the oldest first.
   *
   * @param keepDays how many days before today stay, at least {@link #LEAST_DAYS}
   * @param progress is told each day at once
   * @throws DatabaseException when the database refuses; days before stay sealed
   * @throws IOException when a file can't be written
   */
  public void sealUsage(int keepDays, Consumer<Sealed> progress) throws IOException {
    requireDays(keepDays);
    Files.createDirectories(folder);
    for (LocalDate day : days("usage_rec", keepDays)) {
      progress.accept(seal(day));
    }
  }

  /**
   * Drops days of receipts that were compared in full.
   *
   * @param keepDays how many days before today stay, at least {@link #LEAST_DAYS}
   * @return how many days
   */
  public int dropReceipts(int keepDays) {
    requireDays(keepDays);
    int dropped = 0;
    for (LocalDate day : days("engine_receipt", keepDays)) {
      dropped += dropReceipts(day) ? 1 : 0;
    }
    return dropped;
  }

  private static void requireDays(int days) {
    if (days < LEAST_DAYS) {
      throw new IllegalArgumentException(
          "at least %d days stay, not %d".formatted(LEAST_DAYS, days));
    }
  }

  /** Those with partitions that are older than so many days, the oldest first. */
  private List<LocalDate> days(String table, int keepDays) {
    return inTransaction(connection -> {
      LocalDate first = today(connection).minus(Period.ofDays(keepDays));
      List<LocalDate> days = new ArrayList<>();
      try (PreparedStatement select =
          connection.prepareStatement(
              "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                  + " where i.inhparent = ?::regclass order by 1")) {
        select.setString(1, table);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            LocalDate day = LocalDate.parse(row.getString(1).substring(table.length() + 1), SUFFIX);
            if (day.isBefore(first)) {
              days.add(day);
            }
          }
        }
      }
      return days;
    });
  }

  private Sealed seal(LocalDate day) {
    return inTransaction(connection -> {
      String partition = "usage_rec_" + SUFFIX.format(day);
      // Whoever settles so late waits, and then finds that the day is sealed.
      execute(connection, "lock table " + partition + " in share row exclusive mode");
      SealFile.Written written;
      try {
        written = SealFile.write(connection, partition, folder.resolve(partition + ".csv.gz"));
      } catch (IOException e) {
        throw new DatabaseException(
            "The usage of %s can't be written to %s: %s.".formatted(day, folder, e), e);
      }
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into seal (day, rows, amount_nano, file, sha256) values (?, ?, ?, ?, ?)")) {
        insert.setObject(1, day);
        insert.setLong(2, written.rows());
        insert.setBigDecimal(3, written.amountNano());
        insert.setString(4, String.valueOf(written.file().getFileName()));
        insert.setBytes(5, written.sha256());
        insert.executeUpdate();
      }
      // Last, since everybody who settles waits for this.
      execute(connection, "alter table usage_rec detach partition " + partition);
      execute(connection, "drop table " + partition);
      return new Sealed(day, written.rows(), written.file());
    });
  }

  private boolean dropReceipts(LocalDate day) {
    return inTransaction(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement("select 1 from recon_day where day = ?")) {
        select.setObject(1, day);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            return false;
          }
        }
      }
      String partition = "engine_receipt_" + SUFFIX.format(day);
      execute(connection, "alter table engine_receipt detach partition " + partition);
      execute(connection, "drop table " + partition);
      return true;
    });
  }

  @FunctionalInterface
  private interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  private <T> T inTransaction(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        execute(connection, "set local statement_timeout = 0");
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException failure) {
        connection.rollback();
        throw failure;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      throw new DatabaseException(
          "Old days can't be sealed: "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static LocalDate today(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select clock_timestamp()")) {
      row.next();
      Instant now = row.getObject(1, OffsetDateTime.class).toInstant();
      return now.atOffset(ZoneOffset.UTC).toLocalDate();
    }
  }
}
