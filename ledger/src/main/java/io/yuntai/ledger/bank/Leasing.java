package io.yuntai.ledger.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The steps of granting and closing leases, each within its caller's transaction. */
final class Leasing {
  private final BankSql sql;
  private final BankOptions options;

  Leasing(BankSql sql, BankOptions options) {
    this.sql = sql;
    this.options = options;
  }

  static Node register(Connection connection, String name) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into node (name, epoch) values (?, 1) on conflict (name)"
                + " do update set epoch = node.epoch + 1, seen_at = clock_timestamp()"
                + " returning id, epoch")) {
      insert.setString(1, name);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return new Node(row.getInt(1), row.getLong(2));
      }
    }
  }

  List<Grant> grant(Connection connection, Node node, List<Ask> asks, Duration ttl)
      throws SQLException {
    fence(connection, node);
    long[] ids = asks.stream().mapToLong(Ask::counterId).toArray();
    try (PreparedStatement lock = connection.prepareStatement(sql.lockCounters())) {
      lock.setObject(1, ids);
      lock.executeQuery().close();
    }
    List<Grant> grants = new ArrayList<>(asks.size());
    try (PreparedStatement grant = connection.prepareStatement(sql.grant())) {
      grant.setObject(1, ids);
      grant.setObject(2, asks.stream().mapToLong(Ask::wanted).toArray());
      grant.setObject(3, asks.stream().mapToLong(Ask::least).toArray());
      grant.setObject(4, asks.stream().mapToLong(Ask::needed).toArray());
      grant.setLong(5, micros(options.activeWithin()));
      grant.setInt(6, node.id());
      grant.setLong(7, node.epoch());
      grant.setLong(8, micros(ttl));
      try (ResultSet row = grant.executeQuery()) {
        while (row.next()) {
          Duration validFor = Duration.of(Math.max(0, row.getLong(4)), ChronoUnit.MICROS);
          grants.add(
              new Grant(
                  row.getLong(1),
                  row.getLong(2),
                  row.getLong(3),
                  validFor,
                  row.getLong(5),
                  row.getLong(6)));
        }
      }
    }
    recallFromOthers(connection, node, asks, grants);
    return List.copyOf(grants);
  }

  private void recallFromOthers(
      Connection connection, Node node, List<Ask> asks, List<Grant> grants) throws SQLException {
    Map<Long, Long> given = new HashMap<>();
    grants.forEach(grant -> given.put(grant.counterId(), grant.granted()));
    long[] refused =
        asks.stream()
            .filter(ask -> given.getOrDefault(ask.counterId(), 0L) < ask.needed())
            .mapToLong(Ask::counterId)
            .toArray();
    if (refused.length == 0) {
      return;
    }
    try (PreparedStatement recall = connection.prepareStatement(sql.recall())) {
      recall.setObject(1, refused);
      recall.setInt(2, node.id());
      recall.executeUpdate();
    }
  }

  /** Closes those of these leases that are the node's, of its present or an older epoch. */
  void release(Connection connection, Node node, List<Long> leaseIds) throws SQLException {
    fence(connection, node);
    close(connection, ofNode(connection, node, leaseIds));
  }

  private static long[] ofNode(Connection connection, Node node, List<Long> leaseIds)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select id from lease where id = any(?::bigint[]) and node_id = ? and epoch <= ?")) {
      select.setObject(1, leaseIds.stream().mapToLong(Long::longValue).toArray());
      select.setInt(2, node.id());
      select.setLong(3, node.epoch());
      return longs(select);
    }
  }

  /** Closes leases, whosever they are; those that are closed already are passed over. */
  void close(Connection connection, long[] leaseIds) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(sql.lockLeasedCounters());
        PreparedStatement close = connection.prepareStatement(sql.close())) {
      lock.setObject(1, leaseIds);
      lock.executeQuery().close();
      close.setObject(1, leaseIds);
      close.executeUpdate();
    }
  }

  /** Lets leases of the node, of its present or an older epoch, live on. */
  List<Long> renew(Connection connection, Node node, List<Long> leaseIds, Duration ttl)
      throws SQLException {
    fence(connection, node);
    long[] ids = leaseIds.stream().mapToLong(Long::longValue).toArray();
    try (PreparedStatement lock = connection.prepareStatement(sql.lockLeasedCounters());
        PreparedStatement renew = connection.prepareStatement(sql.renew())) {
      lock.setObject(1, ids);
      lock.executeQuery().close();
      renew.setLong(1, micros(ttl));
      renew.setObject(2, ids);
      renew.setInt(3, node.id());
      return Arrays.stream(longs(renew)).boxed().toList();
    }
  }

  /** Gives back all of these leases but what is kept. */
  void shrink(Connection connection, Node node, List<Draw> kept) throws SQLException {
    fence(connection, node);
    long[] ids = kept.stream().mapToLong(Draw::leaseId).toArray();
    try (PreparedStatement lock = connection.prepareStatement(sql.lockLeasedCounters());
        PreparedStatement shrink = connection.prepareStatement(sql.shrink())) {
      lock.setObject(1, ids);
      lock.executeQuery().close();
      shrink.setObject(1, ids);
      shrink.setObject(2, kept.stream().mapToLong(Draw::amount).toArray());
      shrink.setInt(3, node.id());
      shrink.executeUpdate();
    }
  }

  /** Open leases of older epochs. */
  static List<Long> inherited(Connection connection, Node node) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select id from lease where node_id = ? and epoch < ? and not closed order by id limit "
                + Bank.MAX_ASKS)) {
      select.setInt(1, node.id());
      select.setLong(2, node.epoch());
      return Arrays.stream(longs(select)).boxed().toList();
    }
  }

  /** Marks the node as seen; returns which of its leases are recalled. */
  List<Long> recalled(Connection connection, Node node) throws SQLException {
    try (PreparedStatement seen =
        connection.prepareStatement(
            "update node set seen_at = clock_timestamp() where id = ? and epoch = ?")) {
      seen.setInt(1, node.id());
      seen.setLong(2, node.epoch());
      if (seen.executeUpdate() == 0) {
        throw new FencedException(node);
      }
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "select id from lease where node_id = ? and not closed and recalled order by id limit "
                + Bank.MAX_ASKS)) {
      select.setInt(1, node.id());
      List<Long> ids = new ArrayList<>();
      for (long id : longs(select)) {
        ids.add(id);
      }
      return List.copyOf(ids);
    }
  }

  /**
   * Closes up to {@code most} leases that expired longer ago than the grace. After a start of
   * PostgreSQL nodes have the whole grace to come back, however long it was down.
   *
   * @return how many
   */
  int reap(Connection connection, int most) throws SQLException {
    long[] ids = expired(connection, most);
    if (ids.length > 0) {
      close(connection, ids);
    }
    return ids.length;
  }

  /** Leases that are to be reaped. */
  long[] expired(Connection connection, int most) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select id from lease, (select clock_timestamp() - ? * interval '1 microsecond' as since) t
            where not closed and expires_at < t.since and pg_postmaster_start_time() < t.since
            order by expires_at limit ?\
            """)) {
      select.setLong(1, micros(options.grace()));
      select.setInt(2, most);
      return longs(select);
    }
  }

  private void fence(Connection connection, Node node) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql.fence())) {
      select.setInt(1, node.id());
      select.setLong(2, node.epoch());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new FencedException(node);
        }
      }
    }
  }

  private static long[] longs(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      List<Long> all = new ArrayList<>();
      while (row.next()) {
        all.add(row.getLong(1));
      }
      return all.stream().mapToLong(Long::longValue).toArray();
    }
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
