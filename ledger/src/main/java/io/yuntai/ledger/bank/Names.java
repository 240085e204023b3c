package io.yuntai.ledger.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of models and engines as numbers. Numbers never change, so they are remembered: as many as
 * the table has, which are the models and engines that were ever served.
 */
final class Names {
  /** A name is at most as long as this. */
  static final int MAX_LENGTH = 200;

  private final Map<String, Integer> known = new ConcurrentHashMap<>();

  /** Those of these names whose numbers are not known. */
  SortedSet<String> unknown(Collection<String> names) {
    TreeSet<String> unknown = new TreeSet<>(names);
    unknown.removeAll(known.keySet());
    return unknown;
  }

  /** The numbers of these names; new names get theirs when the transaction commits. */
  static Map<String, Integer> number(Connection connection, SortedSet<String> names)
      throws SQLException {
    Map<String, Integer> numbers = new HashMap<>();
    Object[] texts = names.toArray();
    try (PreparedStatement insert =
            connection.prepareStatement(
                "insert into ledger_name (name) select * from unnest(?::text[])"
                    + " on conflict do nothing");
        PreparedStatement select =
            connection.prepareStatement(
                "select name, id from ledger_name where name = any(?::text[])")) {
      insert.setArray(1, connection.createArrayOf("text", texts));
      insert.executeUpdate();
      select.setArray(1, connection.createArrayOf("text", texts));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          numbers.put(row.getString(1), row.getInt(2));
        }
      }
    }
    return numbers;
  }

  /** Remembers numbers that were committed. */
  void remember(Map<String, Integer> numbers) {
    known.putAll(numbers);
  }

  /** The number of a name that was learned. */
  int id(String name) {
    Integer id = known.get(name);
    if (id == null) {
      throw new IllegalStateException("the name '" + name + "' is not known");
    }
    return id;
  }
}
