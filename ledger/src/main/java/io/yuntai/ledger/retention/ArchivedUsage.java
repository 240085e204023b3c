package io.yuntai.ledger.retention;

import io.yuntai.ledger.chain.Sha256;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.documents.CsvRows;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.prices.ServiceClass;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

/**
 * Usage that went to files, back for a transaction: within it whatever reads {@code usage_rec}
 * reads an organisation's archived rows as well. Each file is compared with the SHA-256 under which
 * its day was sealed before a row of it counts.
 */
public final class ArchivedUsage implements AutoCloseable {
  private static final int BATCH_ROWS = 1000;
  private static final int MAX_LINE_CHARS = 10_000;
  private static final int FIELDS = 18;

  private final Connection connection;

  private ArchivedUsage(Connection connection) {
    this.connection = connection;
  }

  /**
   * Which rows are wanted: those of an organisation's entries up to {@code lastEntry} of requests
   * until a time, the others of its earlier invoices.
   *
   * @param afterEntry entries after this one must be whole
   * @param from the time of the first day that must be there, if it was sealed
   */
  public record Wanted(long orgId, long afterEntry, long lastEntry, Instant from, Instant until) {}

  private record SealedDay(LocalDate day, String file, byte[] sha256) {}

  /**
   * Reads what was archived.
   *
   * @param folder where {@code ledger archive} wrote the files
   * @throws ArchiveException when a file that is needed is missing, or is not the one that was
   *     sealed
   */
  public static ArchivedUsage include(Connection connection, Path folder, Wanted wanted)
      throws SQLException {
    execute(
        connection,
        "create temp table archived_usage on commit drop as select * from usage_rec with no data");
    List<String> absent = new ArrayList<>();
    for (SealedDay day : sealed(connection, wanted)) {
      Path file = folder.resolve(day.file());
      if (Files.exists(file)) {
        read(connection, file, day, wanted);
      } else if (day.day().isBefore(day(wanted.from()).minusDays(1))) {
        absent.add(day.file());
      } else {
        throw new ArchiveException(
            "The usage of " + day.day() + " was archived, and " + file + " is not there.");
      }
    }
    requireWholeEntries(connection, folder, wanted, absent);
    // Statements that were prepared before must look up the name anew.
    execute(
        connection,
        "select set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)");
    execute(
        connection,
        "create temp view usage_rec as select * from public.usage_rec"
            + " union all select * from archived_usage");
    return new ArchivedUsage(connection);
  }

  private static List<SealedDay> sealed(Connection connection, Wanted wanted) throws SQLException {
    return Rows.list(
        connection,
        "select day, file, sha256 from seal where day <= ? order by day",
        row -> new SealedDay(row.getObject(1, LocalDate.class), row.getString(2), row.getBytes(3)),
        day(wanted.until()).plusDays(1));
  }

  private static LocalDate day(Instant time) {
    return time.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private static void read(Connection connection, Path file, SealedDay day, Wanted wanted)
      throws SQLException {
    MessageDigest digest = Sha256.digest();
    try (InputStream raw = new DigestInputStream(Files.newInputStream(file), digest);
        BufferedReader text =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(raw), StandardCharsets.UTF_8));
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into archived_usage (org_id, seq, request_id, project_id, user_id, key_id, at, model_id,"
                    + " card_id, class, input, cache_hit, cache_write, output, reasoning, amount_nano,"
                    + " residue_pico, status) values (?, ?, ?, ?, ?, ?, ?,"
                    + " (select id from ledger_name where name = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      text.readLine(); // the names of the fields
      int batched = 0;
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        List<String> fields = fields(line);
        if (number(fields, 0) == wanted.orgId() && number(fields, 1) <= wanted.lastEntry()) {
          set(insert, fields);
          insert.addBatch();
          batched++;
          if (batched % BATCH_ROWS == 0) {
            insert.executeBatch();
          }
        }
      }
      insert.executeBatch();
      raw.transferTo(OutputStream.nullOutputStream());
    } catch (IOException | IllegalArgumentException | MoneyException damaged) {
      throw new ArchiveException(
          "%s can't be read: %s.".formatted(file, damaged.getMessage()), damaged);
    }
    if (!MessageDigest.isEqual(digest.digest(), day.sha256())) {
      throw new ArchiveException(
          "%s is not the file that was sealed: its SHA-256 differs.".formatted(file));
    }
  }

  private static void set(PreparedStatement insert, List<String> fields) throws SQLException {
    for (int i = 0; i < FIELDS; i++) {
      switch (i) {
        case 2 -> insert.setObject(3, UUID.fromString(fields.get(2)));
        case 6 -> insert.setObject(7, OffsetDateTime.parse(fields.get(6)));
        case 7 -> insert.setString(8, fields.get(7));
        case 9 -> insert.setInt(10, ServiceClass.of(fields.get(9)).code());
        default -> insert.setLong(i + 1, number(fields, i));
      }
    }
  }

  private static long number(List<String> fields, int place) {
    return Long.parseLong(fields.get(place));
  }

  /** The fields of a row as it was written when its day was sealed. */
  private static List<String> fields(String line) {
    if (line.length() > MAX_LINE_CHARS) {
      throw new IllegalArgumentException("a line of " + line.length() + " letters");
    }
    List<String> fields = CsvRows.written(line);
    if (fields.size() != FIELDS) {
      throw new IllegalArgumentException("a line of " + fields.size() + " fields");
    }
    return fields;
  }

  private static void requireWholeEntries(
      Connection connection, Path folder, Wanted wanted, List<String> absent) throws SQLException {
    long missing =
        Rows.first(
                connection,
                "select (select coalesce(sum(usage_rows), 0) from seal_entry"
                    + " where org_id = ? and seq > ? and seq <= ?)"
                    + " - (select count(*) from archived_usage where org_id = ? and seq > ? and seq <= ?)",
                row -> row.getLong(1),
                wanted.orgId(),
                wanted.afterEntry(),
                wanted.lastEntry(),
                wanted.orgId(),
                wanted.afterEntry(),
                wanted.lastEntry())
            .orElseThrow();
    if (missing != 0) {
      throw new ArchiveException(
          "%d archived requests are in no file in %s, where these are not: %s."
              .formatted(missing, folder, String.join(", ", absent.stream().limit(5).toList())));
    }
  }

  /** Later statements of the transaction see what is in the database only. */
  @Override
  public void close() throws SQLException {
    execute(connection, "drop view pg_temp.usage_rec");
    execute(connection, "set local search_path to default");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
