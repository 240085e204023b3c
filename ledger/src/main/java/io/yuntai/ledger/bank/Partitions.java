package io.yuntai.ledger.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Sees that days have their partitions of usage and receipts. */
final class Partitions {
  /** How old an id's day may be, in days: what is older was replayed by mistake. */
  static final int MAX_AGE_DAYS = 400;

  /** How far ahead of the database's day an id's may be, in days. */
  static final int MAX_AHEAD_DAYS = 2;

  /** How many days after today have partitions before they come. */
  private static final int MADE_AHEAD_DAYS = 3;

  private final Set<LocalDate> made = ConcurrentHashMap.newKeySet();

  /** Those of these days of which is not known whether they have partitions. */
  SortedSet<LocalDate> unknown(Collection<LocalDate> days) {
    SortedSet<LocalDate> unknown = new TreeSet<>(days);
    unknown.removeAll(made);
    return unknown;
  }

  /** Makes the partitions of those of these days that can have any; returns which can. */
  static Set<LocalDate> make(Connection connection, SortedSet<LocalDate> days) throws SQLException {
    LocalDate today = today(connection);
    Set<LocalDate> sealed = sealed(connection, days);
    Set<LocalDate> possible = new TreeSet<>();
    for (LocalDate day : days) {
      if (!sealed.contains(day)
          && !day.isBefore(today.minusDays(MAX_AGE_DAYS))
          && !day.isAfter(today.plusDays(MAX_AHEAD_DAYS))) {
        make(connection, day, day);
        possible.add(day);
      }
    }
    return possible;
  }

  /** Days that went to files: what comes for them now is kept aside. */
  private static Set<LocalDate> sealed(Connection connection, SortedSet<LocalDate> days)
      throws SQLException {
    Set<LocalDate> sealed = new TreeSet<>();
    try (PreparedStatement select =
        connection.prepareStatement("select day from seal where day = any(?::date[])")) {
      Object[] texts = days.stream().map(LocalDate::toString).toArray();
      select.setArray(1, connection.createArrayOf("text", texts));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          sealed.add(row.getObject(1, LocalDate.class));
        }
      }
    }
    return sealed;
  }

  /** Remembers days whose partitions were committed. */
  void remember(Set<LocalDate> days) {
    if (made.size() > 2 * MAX_AGE_DAYS) {
      made.clear();
    }
    made.addAll(days);
  }

  /** Makes those of the next days; returns how many tables were made. */
  static int makeAhead(Connection connection) throws SQLException {
    LocalDate today = today(connection);
    return make(connection, today, today.plusDays(MADE_AHEAD_DAYS));
  }

  private static int make(Connection connection, LocalDate first, LocalDate last)
      throws SQLException {
    try (PreparedStatement make = connection.prepareStatement("select make_partitions(?, ?)")) {
      make.setObject(1, first);
      make.setObject(2, last);
      try (ResultSet row = make.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static LocalDate today(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery("select (clock_timestamp() at time zone 'UTC')::date")) {
      row.next();
      return row.getObject(1, LocalDate.class);
    }
  }
}
