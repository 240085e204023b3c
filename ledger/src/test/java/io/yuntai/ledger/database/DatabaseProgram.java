package io.yuntai.ledger.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A program that opens the database of the home it is given and says {@code ready} or {@code failed
 * SENTENCE}; then runs each line of its input as SQL and says {@code ok VALUE}; at the input's end
 * it closes the database.
 */
final class DatabaseProgram {
  private DatabaseProgram() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    try (Database database = Database.open(DatabaseOptions.embedded(Path.of(arguments[0])))) {
      say("ready");
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        say("ok " + Sql.run(database, line));
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
