package io.yuntai.ledger.invoices;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** Transactions of this package. */
final class InvoiceSql {
  private static final String CONSTRAINT_OVERLAP = "23P01";

  private InvoiceSql() {}

  /** Commits the work or nothing of it; within a transaction of this pool, together with that. */
  static <T> T transaction(DataSource database, String doing, Transactions.Work<T> work) {
    try {
      return Transactions.within(database, work);
    } catch (SQLException failure) {
      if (CONSTRAINT_OVERLAP.equals(failure.getSQLState())) {
        throw new InvoiceException(
            "Somebody else is doing the same just now; look, and try again.");
      }
      throw new DatabaseException(
          "The database could not "
              + doing
              + ": "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant now(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("select clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  /** So that of two credit notes for one invoice the second sees the first. */
  static void lockOrg(Connection connection, long orgId) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select from chain_head where org_id = ? for update")) {
      lock.setLong(1, orgId);
      lock.execute();
    }
  }
}
