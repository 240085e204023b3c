package io.yuntai.ledger.bank;

import io.yuntai.ledger.bank.Credit.Payment;
import io.yuntai.ledger.database.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Entries of the ledger that are not usage, each as a step of its caller's transaction. An entry
 * has a reference; posted again with the same content it is not posted twice.
 */
public final class Books {
  private static final Chains CHAINS = new Chains(BankSql.STANDARD);

  private Books() {}

  /**
   * Posts an entry.
   *
   * @param kind what it is, such as {@code payment}: lower case letters and hyphens
   * @param reference what it is for, at most 200 characters
   * @return its number in the organisation's chain
   * @throws DatabaseException when another entry of this kind has the reference
   */
  public static long post(
      Connection connection, long orgId, String kind, String reference, List<Transfer> transfers)
      throws SQLException {
    return post(
        connection,
        new EntryDraft(orgId, kind, reference, List.of(), transfers, List.of(), List.of()));
  }

  /**
   * Enters a grant of credit that the same transaction has made (a row of {@code credit_grant}):
   * from now on it pays for usage. What was paid for becomes a liability until it is used.
   */
  public static long creditGranted(Connection connection, long orgId, long grantId)
      throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "select kind in ('plan', 'paid'), amount_nano from credit_grant"
                    + " where org_id = ? and id = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into credit_used (org_id, grant_id, amount_nano) values (?, ?, ?)"
                    + " on conflict do nothing")) {
      select.setLong(1, orgId);
      select.setLong(2, grantId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new IllegalArgumentException("there is no credit " + grantId);
        }
        long amount = row.getLong(2);
        List<Transfer> transfers =
            row.getBoolean(1)
                ? List.of(new Transfer(AccountKind.CASH, AccountKind.PREPAID, amount))
                : List.of();
        long seq = post(connection, orgId, "credit", "credit " + grantId, transfers);
        insert.setLong(1, orgId);
        insert.setLong(2, grantId);
        insert.setLong(3, amount);
        insert.executeUpdate();
        return seq;
      }
    }
  }

  /**
   * Enters that a grant of credit has expired: it pays no more, and what was paid for becomes
   * breakage. The wallet's limit must be lowered by the result, before in the same transaction
   * where possible (its counter is locked before the chain); {@link #creditLeft} tells it.
   *
   * @return what of it nobody had used; 0 when there was nothing, or when it was entered before
   */
  public static long creditExpired(Connection connection, long orgId, long grantId)
      throws SQLException {
    Head head = lock(connection, orgId);
    long left = creditLeft(connection, orgId, grantId);
    if (left == 0) {
      return 0;
    }
    boolean paid;
    try (PreparedStatement select =
        connection.prepareStatement(
            "select kind in ('plan', 'paid') from credit_grant where id = ?")) {
      select.setLong(1, grantId);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        paid = row.getBoolean(1);
      }
    }
    Credit.use(connection, List.of(new Payment(grantId, paid, left)));
    List<Transfer> transfers =
        paid ? List.of(new Transfer(AccountKind.PREPAID, AccountKind.BREAKAGE, left)) : List.of();
    CHAINS.append(
        connection,
        Map.of(orgId, head),
        List.of(
            new EntryDraft(
                orgId,
                "expiry",
                "credit " + grantId,
                List.of(),
                transfers,
                List.of(),
                List.of(new CreditEntry(grantId, left)))));
    return left;
  }

  /** What is left of a grant of credit, in nano; 0 when it is not entered. */
  public static long creditLeft(Connection connection, long orgId, long grantId)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select amount_nano - used_nano from credit_used where org_id = ? and grant_id = ?")) {
      select.setLong(1, orgId);
      select.setLong(2, grantId);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private static long post(Connection connection, EntryDraft draft) throws SQLException {
    Head head = lock(connection, draft.orgId());
    try (PreparedStatement select =
        connection.prepareStatement(
            "select seq, body_sha from ledger_tx where org_id = ? and kind = ? and reference = ?")) {
      select.setLong(1, draft.orgId());
      select.setString(2, draft.kind());
      select.setString(3, draft.reference());
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          if (!Arrays.equals(row.getBytes(2), draft.bodySha(head.currency()))) {
            throw new DatabaseException(
                "The ledger has another entry '"
                    + draft.kind()
                    + "' for '"
                    + draft.reference()
                    + "' (number "
                    + row.getLong(1)
                    + "): give this one a reference of its own.");
          }
          return row.getLong(1);
        }
      }
    }
    CHAINS.append(connection, Map.of(draft.orgId(), head), List.of(draft));
    return head.next();
  }

  private static Head lock(Connection connection, long orgId) throws SQLException {
    Head head = CHAINS.lock(connection, List.of(orgId)).get(orgId);
    if (head == null) {
      throw new IllegalArgumentException("there is no organisation " + orgId);
    }
    return head;
  }
}
