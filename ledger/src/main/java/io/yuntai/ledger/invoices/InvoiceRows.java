package io.yuntai.ledger.invoices;

import io.yuntai.ledger.chain.Sha256;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.PageRequest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of invoices, as statements on a connection. */
final class InvoiceRows {
  private InvoiceRows() {}

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
      insert.setObject(5, InvoiceSql.time(terms.issuedAt()));
      insert.setBoolean(6, range != null);
      insert.setObject(7, range == null ? null : InvoiceSql.time(range.previousUntil()));
      insert.setObject(8, range == null ? null : InvoiceSql.time(range.until()));
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
    return ordered(connection, condition + " order by issued_at, number", values);
  }

  /**
   * Some of an organisation's invoices.
   *
   * @param number of the one that they come after; empty for the first
   */
  static List<StoredInvoice> after(Connection connection, long orgId, String number, int most)
      throws SQLException {
    if (number.isEmpty()) {
      return ordered(connection, "org_id = ? order by issued_at, number limit ?", orgId, most);
    }
    if (invoices(connection, "org_id = ? and number = ?", orgId, number).isEmpty()) {
      throw PageRequest.notOurs();
    }
    return ordered(
        connection,
        "org_id = ? and (issued_at, number) > (select issued_at, number from invoice where number = ?)"
            + " order by issued_at, number limit ?",
        orgId,
        number,
        most);
  }

  private static List<StoredInvoice> ordered(
      Connection connection, String conditionAndOrder, Object... values) throws SQLException {
    List<StoredInvoice> invoices = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select body, body_sha256 from invoice where " + conditionAndOrder)) {
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

  /** Whether rows of the usage that it is for went to files. */
  static boolean isArchived(Connection connection, StoredInvoice stored) throws SQLException {
    Terms.UsageRange range = stored.invoice().terms().range();
    return range != null
        && Rows.first(
                connection,
                "select 1 from seal_entry where org_id = ? and seq > ? and seq <= ? limit 1",
                row -> row.getInt(1),
                stored.invoice().terms().orgId(),
                range.previousSeq(),
                range.seq())
            .isPresent();
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
            InvoiceSql.time(before == null ? Instant.parse("9999-01-01T00:00:00Z") : before));
    return found.stream().findFirst();
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

  static StoredInvoice find(Connection connection, String number) throws SQLException {
    return InvoiceRows.invoices(connection, "number = ?", number).stream()
        .findFirst()
        .orElseThrow(() ->
            new InvoiceException(
                "There is no invoice " + number + "; 'yuntai invoices list' shows all."));
  }

  static void audit(Connection connection, Actor actor, String action, StoredInvoice stored)
      throws SQLException {
    Terms terms = stored.invoice().terms();
    AuditLog.write(
        connection,
        terms.orgId(),
        actor,
        action,
        "invoice:" + terms.number(),
        null,
        "body_sha256 " + stored.bodySha256());
  }

  /** Name and version of each published price book, by its hash. */
  static Map<String, String> bookNames(Connection connection) throws SQLException {
    Map<String, String> names = new HashMap<>();
    Rows.list(
            connection,
            "select sha256, name || '@' || version from price_book where sha256 is not null"
                + " order by id",
            row -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(book -> names.put(book.getKey(), book.getValue()));
    return names;
  }
}
