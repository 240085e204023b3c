package io.yuntai.ledger.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A rule that a query can judge.
 *
 * @param name as in {@link CheckResult}
 * @param rule as in {@link CheckResult}
 * @param rows a query for the number of rows that are judged
 * @param bad a query for a text about each row that breaks the rule, in a stable order
 */
record RowCheck(String name, String rule, String rows, String bad) {
  CheckResult run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long all;
      try (ResultSet row = statement.executeQuery(rows)) {
        row.next();
        all = row.getLong(1);
      }
      try (ResultSet row =
          statement.executeQuery(
              "select count(*) over (), what from (" + bad + ") b (what) limit 1")) {
        boolean found = row.next();
        return new CheckResult(
            name, rule, all, found ? row.getLong(1) : 0, found ? row.getString(2) : "");
      }
    }
  }
}
