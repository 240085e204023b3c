package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.chain.Sha256;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Rows of invoices and of what they are made of, as statements on a connection. */
final class InvoiceSql {
  private static final int FETCHED_AT_ONCE = 5_000;
  private static final String CONSTRAINT_OVERLAP = "23P01";

  private InvoiceSql() {}

  /** A transaction's work. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** An organisation as far as its invoices need it. */
  record Org(
      long id,
      String name,
      IsoCurrency currency,
      boolean prepaid,
      ZoneId zone,
      Instant createdAt) {}

  /** Commits the work or nothing of it. */
  static <T> T transaction(DataSource database, String doing, Work<T> work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.on(connection);
        connection.commit();
        return result;
      } finally {
        connection.rollback(); // nothing is left of a committed one
        connection.setAutoCommit(true);
      }
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

  static Org org(Connection connection, long orgId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select name, currency, billing, time_zone, created_at from org where id = ?")) {
      select.setLong(1, orgId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new InvoiceException("There is no organisation " + orgId + ".");
        }
        return new Org(
            orgId,
            row.getString(1),
            IsoCurrency.of(row.getString(2)),
            row.getString(3).equals("prepaid"),
            ZoneId.of(row.getString(4)),
            row.getObject(5, OffsetDateTime.class).toInstant());
      }
    }
  }

  static long headSeq(Connection connection, long orgId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select seq from chain_head where org_id = ?")) {
      select.setLong(1, orgId);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /** Who an organisation is on invoices; its name where nobody said more. */
  static Party party(Connection connection, long orgId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select name, address, tax_id, jurisdiction from party where org_id = ?")) {
      select.setLong(1, orgId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return new Party(org(connection, orgId).name(), List.of(), "", "");
        }
        return new Party(
            row.getString(1),
            List.of((String[]) row.getArray(2).getArray()),
            row.getString(3),
            row.getString(4));
      }
    }
  }

  static void keepParty(Connection connection, long orgId, Party party) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into party (org_id, name, address, tax_id, jurisdiction) values (?, ?, ?, ?, ?)"
                + " on conflict (org_id) do update set name = excluded.name, address = excluded.address,"
                + " tax_id = excluded.tax_id, jurisdiction = excluded.jurisdiction")) {
      Array address = connection.createArrayOf("text", party.address().toArray());
      insert.setLong(1, orgId);
      insert.setString(2, party.name());
      insert.setArray(3, address);
      insert.setString(4, party.taxId());
      insert.setString(5, party.jurisdiction());
      insert.executeUpdate();
    }
  }

  static void keepTaxRate(Connection connection, String jurisdiction, TaxRate tax, Instant from)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update tax_rate set valid = tstzrange(lower(valid), ?)"
                + " where jurisdiction = ? and name = ? and valid @> ? and lower(valid) < ?")) {
      update.setObject(1, time(from));
      update.setString(2, jurisdiction);
      update.setString(3, tax.name());
      update.setObject(4, time(from));
      update.setObject(5, time(from));
      update.executeUpdate();
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into tax_rate (jurisdiction, name, num, den, valid) values (?, ?, ?, ?, tstzrange(?, null))")) {
      insert.setString(1, jurisdiction);
      insert.setString(2, tax.name());
      insert.setBigDecimal(3, new BigDecimal(tax.rate().num()));
      insert.setBigDecimal(4, new BigDecimal(tax.rate().den()));
      insert.setObject(5, time(from));
      insert.executeUpdate();
    }
  }

  static List<TaxRate> taxRates(Connection connection, String jurisdiction, Instant at)
      throws SQLException {
    List<TaxRate> rates = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select name, num, den from tax_rate where jurisdiction = ? and valid @> ?"
                + " order by name collate \"C\"")) {
      select.setString(1, jurisdiction);
      select.setObject(2, time(at));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rates.add(
              new TaxRate(
                  row.getString(1),
                  new Ratio(
                      row.getBigDecimal(2).toBigIntegerExact(),
                      row.getBigDecimal(3).toBigIntegerExact())));
        }
      }
    }
    return rates;
  }

  /** Gives each request of a range, by id, while they come from the database. */
  static void usage(
      Connection connection, long orgId, Terms.UsageRange range, Consumer<UsageRecord> each)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select u.request_id, u.project_id, u.user_id, u.key_id, u.at, n.name, u.card_id, u.class, u.input,"
                + " u.cache_hit, u.cache_write, u.output, u.reasoning, u.amount_nano, u.residue_pico, u.status"
                + " from usage_rec u join ledger_name n on n.id = u.model_id"
                + " where u.org_id = ? and u.seq <= ? and u.at < ? and (u.seq > ? or u.at >= ?)"
                + " order by u.request_id")) {
      select.setFetchSize(FETCHED_AT_ONCE);
      select.setLong(1, orgId);
      select.setLong(2, range.seq());
      select.setObject(3, time(range.until()));
      select.setLong(4, range.previousSeq());
      select.setObject(5, time(range.previousUntil()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          each.accept(usage(orgId, row));
        }
      }
    }
  }

  private static UsageRecord usage(long orgId, ResultSet row) throws SQLException {
    return new UsageRecord(
        row.getObject(1, UUID.class),
        orgId,
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getObject(5, OffsetDateTime.class).toInstant(),
        row.getString(6),
        row.getLong(7),
        ServiceClass.ofCode(row.getInt(8)),
        new MeteredTokens(
            row.getInt(9), row.getInt(10), row.getInt(11), row.getInt(12), row.getInt(13)),
        row.getLong(14),
        row.getInt(15),
        status(row.getInt(16)),
        List.of());
  }

  private static UsageStatus status(int code) {
    for (UsageStatus status : UsageStatus.values()) {
      if (status.code() == code) {
        return status;
      }
    }
    throw new InvoiceException("A row of usage has the unknown status " + code + ".");
  }

  /** What credit paid of an organisation's usage up to an entry, in nano. */
  static BigInteger creditUsed(Connection connection, long orgId, long seq) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select coalesce(sum(c.amount_nano), 0) from credit_entry c"
                + " join ledger_tx t on t.org_id = c.org_id and t.seq = c.seq"
                + " where c.org_id = ? and c.seq <= ? and t.kind = 'usage'")) {
      select.setLong(1, orgId);
      select.setLong(2, seq);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getBigDecimal(1).toBigIntegerExact();
      }
    }
  }

  /** The next number of a series; taken for good when this transaction commits. */
  static long nextNumber(Connection connection, String series) throws SQLException {
    try (PreparedStatement take =
        connection.prepareStatement(
            "insert into invoice_series as s (series, last_number) values (?, 1)"
                + " on conflict (series) do update set last_number = s.last_number + 1 returning last_number")) {
      take.setString(1, series);
      try (ResultSet row = take.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  static String number(String series, long number) {
    return String.format(Locale.ROOT, "%s-%06d", series, number);
  }

  static StoredInvoice insert(Connection connection, String series, long number, Invoice invoice)
      throws SQLException {
    Terms terms = invoice.terms();
    String body = InvoiceBody.write(invoice);
    String sha256 = HexFormat.of().formatHex(Sha256.of(body.getBytes(StandardCharsets.UTF_8)));
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into invoice (number, org_id, series, series_number, issued_at, period, previous_seq, seq, credits,"
                + " currency, net_minor, total_minor, inputs_sha256, engine_version, body, body_sha256)"
                + " values (?, ?, ?, ?, ?, case when ? then tstzrange(?, ?) end, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      Terms.UsageRange range = terms.range();
      insert.setString(1, terms.number());
      insert.setLong(2, terms.orgId());
      insert.setString(3, series);
      insert.setLong(4, number);
      insert.setObject(5, time(terms.issuedAt()));
      insert.setBoolean(6, range != null);
      insert.setObject(7, range == null ? null : time(range.previousUntil()));
      insert.setObject(8, range == null ? null : time(range.until()));
      insert.setObject(9, range == null ? null : range.previousSeq(), java.sql.Types.BIGINT);
      insert.setObject(10, range == null ? null : range.seq(), java.sql.Types.BIGINT);
      insert.setString(11, terms.credit() == null ? null : terms.credit().invoice());
      insert.setString(12, terms.currency().code());
      insert.setBigDecimal(13, new BigDecimal(invoice.netMinor()));
      insert.setBigDecimal(14, new BigDecimal(invoice.totalMinor()));
      insert.setString(15, invoice.inputsSha256());
      insert.setInt(16, terms.engineVersion());
      insert.setString(17, body);
      insert.setString(18, sha256);
      insert.executeUpdate();
    }
    return new StoredInvoice(invoice, body, sha256);
  }

  /** Invoices that a condition fits, the oldest first. */
  static List<StoredInvoice> invoices(Connection connection, String condition, Object... values)
      throws SQLException {
    List<StoredInvoice> invoices = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select body, body_sha256 from invoice where "
                + condition
                + " order by issued_at, number")) {
      for (int value = 0; value < values.length; value++) {
        select.setObject(value + 1, values[value]);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          String body = row.getString(1);
          invoices.add(new StoredInvoice(InvoiceBody.read(body), body, row.getString(2)));
        }
      }
    }
    return invoices;
  }

  /** The last invoice of an organisation that is no credit note, before another one or of all. */
  static Optional<StoredInvoice> last(Connection connection, long orgId, @Nullable Instant before)
      throws SQLException {
    String latest =
        "credits is null and org_id = ? and upper(period) = (select max(upper(period)) from invoice"
            + " where credits is null and org_id = ? and upper(period) <= ?)";
    List<StoredInvoice> found =
        invoices(
            connection,
            latest,
            orgId,
            orgId,
            time(before == null ? Instant.parse("9999-01-01T00:00:00Z") : before));
    return found.stream().findFirst();
  }

  /** So that of two credit notes for one invoice the second sees the first. */
  static void lockOrg(Connection connection, long orgId) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select from chain_head where org_id = ? for update")) {
      lock.setLong(1, orgId);
      lock.execute();
    }
  }

  static List<String> gaps(Connection connection) throws SQLException {
    List<String> missing = new ArrayList<>();
    try (Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery(
                "select s.series, n from invoice_series s, generate_series(1, s.last_number) n"
                    + " where not exists (select from invoice i where i.series = s.series and i.series_number = n)"
                    + " order by 1, 2 limit 1000")) {
      while (row.next()) {
        missing.add(number(row.getString(1), row.getLong(2)));
      }
    }
    return missing;
  }
}
