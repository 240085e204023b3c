package io.yuntai.ledger.prices;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Rate cards in the database; those in use are kept in memory too. Safe for many threads. */
public final class DatabaseRateCards implements RateCards {
  /** Of the program that compiles cards; a card says by which it was. */
  static final int ENGINE_VERSION = 1;

  private static final int MOST_IN_MEMORY = 10_000;

  private final DataSource database;
  private final Map<Long, RateCard> cards = new ConcurrentHashMap<>();

  public DatabaseRateCards(DataSource database) {
    this.database = database;
  }

  @Override
  public RateCard current(long orgId, Instant at) {
    return PriceSql.transaction(
        database,
        "find an organisation's prices",
        connection -> {
          Optional<Contract> contract = ContractSql.at(connection, orgId, at);
          if (contract.isEmpty()) {
            return freeUntil(nextContract(connection, orgId, at));
          }
          List<BookVersion> books =
              PriceSql.books(
                  connection,
                  "id = (select id from price_book where name = ? and effective_from <= ?"
                      + " order by effective_from desc limit 1)",
                  contract.get().bookName(),
                  PriceSql.time(at));
          if (books.isEmpty()) {
            Instant end = contract.get().until();
            Instant begin = nextBook(connection, contract.get().bookName(), at);
            return freeUntil(begin == null || (end != null && end.isBefore(begin)) ? end : begin);
          }
          return kept(
              connection,
              CardCompiler.compile(
                  books.getFirst().book(),
                  contract.get(),
                  at,
                  nextBook(connection, contract.get().bookName(), at)));
        });
  }

  /** Nobody need ask again before prices begin, and everybody does then. */
  private static RateCard freeUntil(@Nullable Instant begin) {
    return begin == null ? RateCard.free() : new FreeRateCard(begin);
  }

  private static @Nullable Instant nextContract(Connection connection, long orgId, Instant at)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select min(lower(term)) from contract where org_id = ? and sku = '*' and lower(term) > ?")) {
      select.setLong(1, orgId);
      select.setObject(2, PriceSql.time(at));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return PriceSql.instant(row, 1);
      }
    }
  }

  private static @Nullable Instant nextBook(Connection connection, String name, Instant at)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select min(effective_from) from price_book where name = ? and effective_from > ?")) {
      select.setString(1, name);
      select.setObject(2, PriceSql.time(at));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return PriceSql.instant(row, 1);
      }
    }
  }

  private RateCard kept(Connection connection, CompiledCard.Body body) throws SQLException {
    String text = CardText.write(body);
    String sha256 = CardText.sha256(body);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into rate_card (org_id, body, sha256, engine_version) values (?, ?, ?, ?)"
                + " on conflict (org_id, sha256) do nothing")) {
      insert.setLong(1, body.orgId());
      insert.setString(2, text);
      insert.setString(3, sha256);
      insert.setInt(4, ENGINE_VERSION);
      insert.executeUpdate();
    }
    try (PreparedStatement select =
        connection.prepareStatement("select id from rate_card where org_id = ? and sha256 = ?")) {
      select.setLong(1, body.orgId());
      select.setString(2, sha256);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return remember(new CompiledCard(row.getLong(1), body));
      }
    }
  }

  private RateCard remember(RateCard card) {
    if (cards.size() >= MOST_IN_MEMORY) {
      cards.clear();
    }
    RateCard before = cards.putIfAbsent(card.id(), card);
    return before == null ? card : before;
  }

  @Override
  public RateCard cited(long cardId) {
    if (cardId == 0) {
      return RateCard.free();
    }
    RateCard known = cards.get(cardId);
    return known != null
        ? known
        : PriceSql.transaction(
            database, "read a rate card", connection -> read(connection, cardId));
  }

  private RateCard read(Connection connection, long cardId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select body from rate_card where id = ?")) {
      select.setLong(1, cardId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new IllegalArgumentException("There is no rate card " + cardId + ".");
        }
        return remember(new CompiledCard(cardId, CardText.read(row.getString(1))));
      }
    }
  }
}
