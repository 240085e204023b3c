package io.yuntai.ledger.backup;

import io.yuntai.ledger.backup.Manifest.Partition;
import io.yuntai.ledger.backup.Manifest.Sequence;
import io.yuntai.ledger.backup.Manifest.Table;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.DatabaseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Puts a backup into a home and a database that hold nothing yet. Tables come back in one
 * transaction, in the order of their references, so that the database checks every one of them; a
 * restore that was killed can be run again.
 */
public final class Restore {
  private final Path home;
  private final DatabaseOptions database;
  private final Progress progress;

  /**
   * @param home made already
   * @param database where the tables go
   */
  public Restore(Path home, DatabaseOptions database, Progress progress) {
    this.home = home;
    this.database = database;
    this.progress = progress;
  }

  /**
   * Restores all of it.
   *
   * @throws BackupException when the backup is damaged or of other tables, or when the home or the
   *     database are in use already; nothing is changed then
   * @throws DatabaseException when the tables can't be written
   * @throws IOException when the files can't be written
   */
  public void run(BackupReader backup) throws IOException {
    backup.check(progress);
    boolean again = RestoreMark.isSet(home);
    if (!again && database instanceof DatabaseOptions.Embedded && Database.isIn(home)) {
      throw new BackupException(
          "The home "
              + home
              + " is in use already: restore into an empty one (--home), and move it to its place.");
    }
    RestoreMark.set(home);
    try (Database open = Database.open(database)) {
      String schema = open.schemaDigest();
      if (!schema.equals(backup.manifest().schema())) {
        throw new BackupException(
            "The backup has the tables of Yuntai "
                + backup.manifest().yuntai()
                + ", which are others than this version's: restore it with that version, then start"
                + " this one on the same home.");
      }
      try (Connection connection = open.dataSource().getConnection()) {
        connection.setAutoCommit(false);
        if (!again) {
          requireUnused(connection);
        }
        fill(connection, backup);
        backup.writeFiles(home);
        connection.commit();
      }
    } catch (SQLException e) {
      throw new DatabaseException("The tables can't be restored: " + e.getMessage(), e);
    }
    RestoreMark.clear(home);
  }

  private void requireUnused(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select exists (select from api_key) or exists (select from org where id > 1)")) {
      row.next();
      if (row.getBoolean(1)) {
        RestoreMark.clear(home);
        throw new BackupException(
            "The database has keys or organisations already: restore into an empty one.");
      }
    }
  }

  private void fill(Connection connection, BackupReader backup) throws SQLException, IOException {
    Map<String, Table> tables = new HashMap<>();
    backup.manifest().tables().forEach(table -> tables.put(table.name(), table));
    List<String> order = Catalogue.inOrderOfReferences(connection);
    if (!tables.keySet().equals(Set.copyOf(order))) {
      throw new BackupException("The backup's tables are not those of this version.");
    }
    try (Statement statement = connection.createStatement()) {
      for (Partition part : backup.manifest().partitions()) {
        statement.execute(
            "create table if not exists %s partition of %s %s"
                .formatted(part.name(), part.of(), part.bounds()));
      }
      // Rules for changes by people, such as "published prices never change", don't concern rows
      // that come back; references are checked by the system's own triggers, which stay.
      List<String> withRules = new ArrayList<>(order);
      Catalogue.partitions(connection).forEach(part -> withRules.add(part.name()));
      for (String table : withRules) {
        statement.execute("alter table " + table + " disable trigger user");
      }
      statement.execute("truncate " + String.join(", ", order));
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      long done = 0;
      for (String name : order) {
        Table table = Objects.requireNonNull(tables.get(name));
        progress.at(name, done, backup.manifest().bytes());
        copyIn(copy, backup, table);
        done += table.bytes();
      }
      for (String table : withRules) {
        statement.execute("alter table " + table + " enable trigger user");
      }
    }
    for (Sequence sequence : backup.manifest().sequences()) {
      try (PreparedStatement set =
          connection.prepareStatement("select setval(?::regclass, greatest(?, 1), ? > 0)")) {
        set.setString(1, sequence.name());
        set.setLong(2, sequence.last());
        set.setLong(3, sequence.last());
        set.executeQuery().close();
      }
    }
  }

  private static void copyIn(CopyManager copy, BackupReader backup, Table table)
      throws SQLException, IOException {
    try (InputStream rows = backup.rows(table)) {
      long count =
          copy.copyIn(
              "copy %s (%s) from stdin".formatted(table.name(), String.join(", ", table.columns())),
              rows);
      if (count != table.rows()) {
        throw new BackupException(
            "Of table %s %d rows came back, not %d.".formatted(table.name(), count, table.rows()));
      }
    }
  }
}
