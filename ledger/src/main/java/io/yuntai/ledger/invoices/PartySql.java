package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Who is on invoices and what taxes they pay, as statements on a connection. */
final class PartySql {
  private PartySql() {}

  /** An organisation as far as its invoices need it. */
  record Org(
      long id,
      String name,
      IsoCurrency currency,
      boolean prepaid,
      ZoneId zone,
      Instant createdAt) {}

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
      update.setObject(1, InvoiceSql.time(from));
      update.setString(2, jurisdiction);
      update.setString(3, tax.name());
      update.setObject(4, InvoiceSql.time(from));
      update.setObject(5, InvoiceSql.time(from));
      update.executeUpdate();
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into tax_rate (jurisdiction, name, num, den, valid) values (?, ?, ?, ?, tstzrange(?, null))")) {
      insert.setString(1, jurisdiction);
      insert.setString(2, tax.name());
      insert.setBigDecimal(3, new BigDecimal(tax.rate().num()));
      insert.setBigDecimal(4, new BigDecimal(tax.rate().den()));
      insert.setObject(5, InvoiceSql.time(from));
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
      select.setObject(2, InvoiceSql.time(at));
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
}
