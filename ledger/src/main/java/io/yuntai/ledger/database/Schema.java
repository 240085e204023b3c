package io.yuntai.ledger.database;

import io.yuntai.ledger.chain.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Brings the tables up to date by Flyway.
 *
 * <p>Flyway takes longer than all the rest of a start, only to find nothing to do. So a digest of
 * all migrations is left in the database after Flyway has succeeded; equal digest, no Flyway. It
 * lies beside the tables, so it is restored and copied with them; it is removed before Flyway runs,
 * so a failed migration never looks like a finished one.
 */
final class Schema {
  /** All files of {@code db/migration}, in their order. */
  static final List<String> MIGRATIONS =
      List.of(
          "V1__api_keys.sql",
          "V2__responses.sql",
          "V3__tenancy.sql",
          "V4__prices.sql",
          "V5__ledger.sql",
          "V6__invoices.sql",
          "V7__identity.sql",
          "V8__commitments.sql",
          "V9__alerts.sql",
          "V10__receipts.sql",
          "V11__seals.sql",
          "V12__threads.sql",
          "V13__requests.sql",
          "V14__branding.sql",
          "V15__capital_plans.sql",
          "V16__kept_texts.sql",
          "V17__users.sql",
          "V18__order_of_files.sql",
          "V19__on_disconnect.sql",
          "V20__order_of_requests.sql",
          "V21__energy_of_answers.sql");

  private static final String FOLDER = "/db/migration/";
  private static final String UNDEFINED_TABLE = "42P01";

  private Schema() {}

  /** Whether the tables are those of this program. */
  static boolean isCurrent(Connection connection) throws SQLException {
    return digest().equals(stamp(connection));
  }

  /** Changes the tables where they are not those of this program. */
  static void migrate(ServerAddress address) throws SQLException {
    DataSource source = address.dataSource();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set client_min_messages = warning");
      statement.execute(
          "create table if not exists schema_stamp"
              + " (only_row boolean primary key default true check (only_row), digest text not null)");
      statement.execute("delete from schema_stamp");
    }
    try {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:" + FOLDER.substring(1, FOLDER.length() - 1))
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .ignoreMigrationPatterns(new String[0]) // those of a newer program are not ignored
          .load()
          .migrate();
    } catch (FlywayValidateException newer) {
      throw new DatabaseException(
          "The database at "
              + address.shown()
              + " was last used by another version of Yuntai with other tables: use that version or"
              + " a newer one.",
          newer);
    } catch (FlywayException failure) {
      throw new DatabaseException(
          "The tables of the database at "
              + address.shown()
              + " can't be brought up to date: "
              + reason(failure),
          failure);
    }
    try (Connection connection = source.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into schema_stamp (digest) values (?)"
                    + " on conflict (only_row) do update set digest = excluded.digest")) {
      insert.setString(1, digest());
      insert.execute();
    }
  }

  /** What PostgreSQL said, which may be advice of a migration's own; else what Flyway says. */
  private static String reason(FlywayException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException refusal && refusal.getServerErrorMessage() != null) {
        return String.valueOf(refusal.getServerErrorMessage().getMessage());
      }
    }
    return String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
  }

  private static @Nullable String stamp(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select digest from schema_stamp")) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException failure) {
      if (UNDEFINED_TABLE.equals(failure.getSQLState())) {
        return null;
      }
      throw failure;
    }
  }

  /** Of all migrations. */
  static String digest() {
    try {
      MessageDigest sha256 = Sha256.digest();
      for (String migration : MIGRATIONS) {
        sha256.update((migration + "\n").getBytes(StandardCharsets.UTF_8));
        try (InputStream file = Schema.class.getResourceAsStream(FOLDER + migration)) {
          if (file == null) {
            throw new IllegalStateException("migration " + migration + " is not in the jar");
          }
          sha256.update(file.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
