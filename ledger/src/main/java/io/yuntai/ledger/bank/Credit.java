package io.yuntai.ledger.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which credit pays: free, then plans, then promotions, then what was paid for; of one kind what
 * expires first.
 */
final class Credit {
  private Credit() {}

  /**
   * What a grant of credit pays.
   *
   * @param paid whether the tenant paid for it; otherwise it was given
   */
  record Payment(long grantId, boolean paid, long amount) {}

  /** Takes these charges from the credit of organisations whose chains are locked. */
  static Map<Long, List<Payment>> pay(Connection connection, Map<Long, Long> charges)
      throws SQLException {
    if (charges.isEmpty()) {
      return Map.of();
    }
    Map<Long, Long> due = new HashMap<>(charges);
    Map<Long, List<Payment>> payments = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select u.org_id, u.grant_id, g.kind in ('plan', 'paid'), u.amount_nano - u.used_nano
            from credit_used u join credit_grant g on g.org_id = u.org_id and g.id = u.grant_id
            where u.org_id = any(?::bigint[]) and u.used_nano < u.amount_nano
            order by u.org_id, array_position(array['free', 'plan', 'promo', 'paid'], g.kind),
              g.expires_at nulls last, u.grant_id
            for update of u\
            """)) {
      select.setObject(1, charges.keySet().stream().mapToLong(Long::longValue).sorted().toArray());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long org = row.getLong(1);
          long amount = Math.min(due.getOrDefault(org, 0L), row.getLong(4));
          if (amount > 0) {
            due.merge(org, -amount, Math::addExact);
            payments
                .computeIfAbsent(org, one -> new ArrayList<>())
                .add(new Payment(row.getLong(2), row.getBoolean(3), amount));
          }
        }
      }
    }
    payments.values().forEach(list -> list.sort(Comparator.comparingLong(Payment::grantId)));
    use(connection, payments.values().stream().flatMap(List::stream).toList());
    return payments;
  }

  /** Counts credit as used. */
  static void use(Connection connection, List<Payment> payments) throws SQLException {
    if (payments.isEmpty()) {
      return;
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "update credit_used u set used_nano = u.used_nano + t.amount"
                + " from unnest(?::bigint[], ?::bigint[]) as t(id, amount) where u.grant_id = t.id")) {
      update.setObject(1, payments.stream().mapToLong(Payment::grantId).toArray());
      update.setObject(2, payments.stream().mapToLong(Payment::amount).toArray());
      update.executeUpdate();
    }
  }
}
