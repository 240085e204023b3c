package io.yuntai.ledger.bank;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Sees that names have numbers and days have partitions before rows are inserted, in a transaction
 * of its own: what is remembered was committed.
 */
final class Preparation {
  private final Transactions transactions;
  private final Names names = new Names();
  private final Partitions partitions = new Partitions();

  Preparation(Transactions transactions) {
    this.transactions = transactions;
  }

  Names names() {
    return names;
  }

  private record Made(Map<String, Integer> numbers, Set<LocalDate> days) {}

  /** Returns which days of these ids can have no partitions; usually without a statement. */
  Set<LocalDate> prepare(Collection<String> usedNames, List<UUID> ids) throws SQLException {
    SortedSet<String> newNames = names.unknown(usedNames);
    SortedSet<LocalDate> days = new TreeSet<>();
    ids.forEach(id -> days.add(RequestIds.day(id)));
    SortedSet<LocalDate> newDays = partitions.unknown(days);
    if (newNames.isEmpty() && newDays.isEmpty()) {
      return Set.of();
    }
    Made made =
        transactions.run(connection ->
            new Made(Names.number(connection, newNames), Partitions.make(connection, newDays)));
    names.remember(made.numbers());
    partitions.remember(made.days());
    newDays.removeAll(made.days());
    return newDays;
  }
}
