package io.yuntai.ledger.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A process of its own that opens a home's database: {@code main HOME}. Says {@code ready PORT
 * MILLIS} or {@code failed SENTENCE}; then runs each line of its input as SQL and says {@code ok
 * VALUE}, until its input ends.
 */
final class DatabaseProcess {
  private DatabaseProcess() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    long start = System.nanoTime();
    try (Database database = Database.open(DatabaseOptions.embedded(Path.of(arguments[0])))) {
      say("ready " + database.description() + " " + (System.nanoTime() - start) / 1_000_000);
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        try (Connection connection = database.dataSource().getConnection();
            Statement statement = connection.createStatement()) {
          String value = "";
          if (statement.execute(line)) {
            try (ResultSet row = statement.getResultSet()) {
              value = row.next() ? row.getString(1) : "";
            }
          }
          say("ok " + value);
        }
      }
    } catch (DatabaseException failure) {
      say("failed " + failure.getMessage());
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
