package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of contracts, as statements on a connection. */
final class ContractSql {
  private ContractSql() {}

  static Contract agree(
      Connection connection,
      long orgId,
      String bookName,
      @Nullable Instant from,
      List<Contract.Factor> factors)
      throws SQLException {
    requireCurrency(connection, orgId, bookName);
    Instant now = PriceSql.now(connection);
    Instant start = (from == null ? now : from).truncatedTo(ChronoUnit.MICROS);
    boolean first = countContracts(connection, orgId) == 0;
    if (!first && start.isBefore(now)) {
      throw new MoneyException(
          "A contract can't change at "
              + start
              + ", which is past: what was used is rated by the prices of its time.");
    }
    end(connection, orgId, start);
    Set<String> skus = new HashSet<>();
    insert(connection, orgId, "*", bookName, factorOfAll(factors), start);
    for (Contract.Factor factor : factors) {
      if (!skus.add(factor.sku())) {
        throw new MoneyException("The contract names '" + factor.sku() + "' twice.");
      }
      if (!factor.sku().equals("*")) {
        insert(connection, orgId, factor.sku(), null, factor.factor(), start);
      }
    }
    Contract agreed = at(connection, orgId, start).orElseThrow();
    for (BookVersion version :
        PriceSql.books(connection, "name = ? and published_at is not null", bookName)) {
      Instant begins = version.book().effectiveFrom();
      CardCompiler.compile( // nothing may turn up only when the first request wants its price
          version.book(), agreed, begins.isAfter(start) ? begins : start, null);
    }
    PriceStore.plansChanged(connection, orgId);
    return agreed;
  }

  private static Ratio factorOfAll(List<Contract.Factor> factors) {
    return factors.stream()
        .filter(factor -> factor.sku().equals("*"))
        .map(Contract.Factor::factor)
        .findFirst()
        .orElse(Ratio.ONE);
  }

  private static void requireCurrency(Connection connection, long orgId, String bookName)
      throws SQLException {
    List<BookVersion> books =
        PriceSql.books(connection, "name = ? and published_at is not null", bookName);
    if (books.isEmpty()) {
      throw new MoneyException(
          "There is no published price book '" + bookName + "'; 'yuntai prices list' shows all.");
    }
    String currency = books.getFirst().book().currency().code();
    try (PreparedStatement select =
        connection.prepareStatement("select currency, name from org where id = ? for update")) {
      select.setLong(1, orgId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new MoneyException("There is no organisation " + orgId + ".");
        }
        if (!row.getString(1).equals(currency)) {
          throw new MoneyException(
              row.getString(2)
                  + " pays in "
                  + row.getString(1)
                  + ", and the price book '"
                  + bookName
                  + "' is in "
                  + currency
                  + ": import its prices in "
                  + row.getString(1)
                  + ".");
        }
      }
    }
  }

  private static long countContracts(Connection connection, long orgId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select count(*) from contract where org_id = ?")) {
      select.setLong(1, orgId);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void end(Connection connection, long orgId, Instant at) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("delete from contract where org_id = ? and lower(term) >= ?")) {
      delete.setLong(1, orgId);
      delete.setObject(2, PriceSql.time(at));
      delete.executeUpdate();
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "update contract set term = tstzrange(lower(term), ?) where org_id = ? and term @> ?")) {
      update.setObject(1, PriceSql.time(at));
      update.setLong(2, orgId);
      update.setObject(3, PriceSql.time(at));
      update.executeUpdate();
    }
  }

  private static void insert(
      Connection connection,
      long orgId,
      String sku,
      @Nullable String bookName,
      Ratio factor,
      Instant from)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into contract (org_id, sku, book_name, num, den, term) values (?, ?, ?, ?, ?, tstzrange(?, null))")) {
      insert.setLong(1, orgId);
      insert.setString(2, sku);
      insert.setString(3, bookName);
      insert.setBigDecimal(4, new BigDecimal(factor.num()));
      insert.setBigDecimal(5, new BigDecimal(factor.den()));
      insert.setObject(6, PriceSql.time(from));
      insert.executeUpdate();
    }
  }

  static Optional<Contract> at(Connection connection, long orgId, Instant at) throws SQLException {
    String bookName = null;
    Instant from = null;
    Instant until = null;
    List<Contract.Factor> factors = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select sku, book_name, num, den, lower(term), upper(term) from contract"
                + " where org_id = ? and term @> ? order by sku collate \"C\"")) {
      select.setLong(1, orgId);
      select.setObject(2, PriceSql.time(at));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          factors.add(new Contract.Factor(row.getString(1), PriceSql.ratio(row, 3)));
          if (row.getString(1).equals("*")) {
            bookName = row.getString(2);
            from = PriceSql.instant(row, 5);
            until = PriceSql.instant(row, 6);
          }
        }
      }
    }
    return bookName == null || from == null
        ? Optional.empty()
        : Optional.of(new Contract(orgId, bookName, from, until, factors));
  }
}
