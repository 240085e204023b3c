package io.yuntai.ledger.backup;

import io.yuntai.ledger.backup.Manifest.Partition;
import io.yuntai.ledger.backup.Manifest.Sequence;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the database says of its tables. */
final class Catalogue {
  /** Of the migrations themselves: every database has its own. */
  private static final String OWN = "'schema_stamp', 'flyway_schema_history'";

  private static final String TABLES =
      """
      select c.relname, a.attname
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and c.relname not in (%s)
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by c.relname, a.attnum\
      """
          .formatted(OWN);

  private static final String REFERENCES =
      """
      select child.relname, parent.relname
      from pg_constraint k
        join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
      where k.contype = 'f' and child.relnamespace = current_schema()::regnamespace
        and not child.relispartition and not parent.relispartition and child.oid <> parent.oid
      order by 1, 2\
      """;

  private static final String PARTITIONS =
      """
      select c.relname, parent.relname, pg_get_expr(c.relpartbound, c.oid)
      from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class parent on parent.oid = i.inhparent
      where c.relnamespace = current_schema()::regnamespace and c.relispartition and c.relkind = 'r'
      order by 1\
      """;

  private static final String SEQUENCES =
      "select sequencename, coalesce(last_value, 0) from pg_sequences"
          + " where schemaname = current_schema() order by 1";

  private Catalogue() {}

  /** Columns by table; those that the database computes itself are left out. */
  static Map<String, List<String>> tables(Connection connection) throws SQLException {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TABLES)) {
      while (row.next()) {
        tables.computeIfAbsent(row.getString(1), _ -> new ArrayList<>()).add(row.getString(2));
      }
    }
    return tables;
  }

  /** All tables, each after those that its rows refer to. */
  static List<String> inOrderOfReferences(Connection connection) throws SQLException {
    Map<String, Set<String>> parents = new LinkedHashMap<>();
    tables(connection).keySet().forEach(table -> parents.put(table, new LinkedHashSet<>()));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(REFERENCES)) {
      while (row.next()) {
        parents.getOrDefault(row.getString(1), new LinkedHashSet<>()).add(row.getString(2));
      }
    }
    Set<String> ordered = new LinkedHashSet<>();
    while (ordered.size() < parents.size()) {
      int before = ordered.size();
      parents.forEach((table, referred) -> {
        if (ordered.containsAll(referred)) {
          ordered.add(table);
        }
      });
      if (ordered.size() == before) {
        throw new IllegalStateException("tables refer to each other in a circle: " + parents);
      }
    }
    return List.copyOf(ordered);
  }

  static List<Partition> partitions(Connection connection) throws SQLException {
    List<Partition> partitions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(PARTITIONS)) {
      while (row.next()) {
        partitions.add(new Partition(row.getString(1), row.getString(2), row.getString(3)));
      }
    }
    return partitions;
  }

  static List<Sequence> sequences(Connection connection) throws SQLException {
    List<Sequence> sequences = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SEQUENCES)) {
      while (row.next()) {
        sequences.add(new Sequence(row.getString(1), row.getLong(2)));
      }
    }
    return sequences;
  }
}
