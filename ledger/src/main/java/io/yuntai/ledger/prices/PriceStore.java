package io.yuntai.ledger.prices;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Price books and contracts in the database. Safe for use by many threads. */
public final class PriceStore {
  /**
   * How long before a book takes another's place it must be published, so that all know in time.
   */
  static final Duration NOTICE = Duration.ofSeconds(5);

  /** Of a list of versions: a book's name and a version of it. */
  private static final Pattern CURSOR = Pattern.compile("([a-z0-9-]{1,63})@([0-9]{1,9})");

  /** Whoever runs this server, and keeps the price books. */
  private static final long OPERATOR = 1;

  private final DataSource database;
  private final Actor actor;

  /**
   * @param actor who makes changes, for the audit log
   */
  public PriceStore(DataSource database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * Keeps a book as the next version of its name, a draft that nothing is rated by yet.
   *
   * @throws MoneyException when it is not whole, or its currency is not that of the name's others
   */
  public BookVersion draft(PriceBook book, String note) {
    BookCheck.check(book);
    return PriceSql.transaction(
        database,
        "keep the price book",
        connection -> {
          requireCurrency(connection, book);
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into price_book (name, version, currency, zone, note)"
                      + " select ?, coalesce(max(version), 0) + 1, ?, ?, ? from price_book where name = ?"
                      + " returning id")) {
            insert.setString(1, book.name());
            insert.setString(2, book.currency().code());
            insert.setString(3, book.zone().getId());
            insert.setString(4, note);
            insert.setString(5, book.name());
            try (ResultSet row = insert.executeQuery()) {
              row.next();
              long id = row.getLong(1);
              PriceSql.insertItems(connection, id, book.items());
              PriceSql.insertFactors(connection, id, book.adjustments());
              BookVersion draft = PriceSql.books(connection, "id = ?", id).getFirst();
              audit(connection, "price_book.import", draft);
              return draft;
            }
          }
        });
  }

  private static void requireCurrency(Connection connection, PriceBook book) throws SQLException {
    // Also keeps two imports of one name from taking one number.
    try (Statement lock = connection.createStatement()) {
      lock.execute("lock table price_book in share row exclusive mode");
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "select currency from price_book where name = ? and currency <> ? limit 1")) {
      select.setString(1, book.name());
      select.setString(2, book.currency().code());
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          throw new MoneyException(
              "The price book '"
                  + book.name()
                  + "' is in "
                  + row.getString(1)
                  + ": give prices in "
                  + book.currency()
                  + " a book of another name.");
        }
      }
    }
  }

  /**
   * Publishes a draft: from an instant on it takes the place of the last one of its name.
   *
   * @param from null for as soon as possible; the past only for the first one of a name
   * @throws MoneyException when there is no such draft, or the instant is too early or taken
   */
  public BookVersion publish(String name, int version, @Nullable Instant from) {
    return PriceSql.transaction(
        database, "publish the price book", connection -> publish(connection, name, version, from));
  }

  private BookVersion publish(
      Connection connection, String name, int version, @Nullable Instant from) throws SQLException {
    try (Statement lock = connection.createStatement()) {
      lock.execute("lock table price_book in share row exclusive mode");
    }
    BookVersion draft =
        PriceSql.books(connection, "name = ? and version = ?", name, version).stream()
            .findFirst()
            .orElseThrow(() -> missing(name, version));
    if (draft.published()) {
      throw new MoneyException(
          "Version "
              + version
              + " of the price book '"
              + name
              + "' is published already; import the changed prices as a new version.");
    }
    boolean first =
        PriceSql.books(connection, "name = ? and published_at is not null", name).isEmpty();
    Instant now = PriceSql.now(connection);
    Instant soonest = now.plus(NOTICE).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    Instant effective =
        from != null
            ? from.truncatedTo(ChronoUnit.MICROS)
            : first ? now.truncatedTo(ChronoUnit.SECONDS) : soonest;
    if (!first && effective.isBefore(now.plus(NOTICE))) {
      throw new MoneyException(
          "The prices can't change at "
              + effective
              + ": what was used until now is rated by the prices of its time. Choose "
              + soonest
              + " or later.");
    }
    PriceBook book = draft.book().from(effective);
    BookCheck.check(book);
    try (PreparedStatement taken =
        connection.prepareStatement(
            "select version from price_book where name = ? and effective_from = ?")) {
      taken.setString(1, name);
      taken.setObject(2, PriceSql.time(effective));
      try (ResultSet row = taken.executeQuery()) {
        if (row.next()) {
          throw new MoneyException(
              "Version "
                  + row.getInt(1)
                  + " of the price book '"
                  + name
                  + "' begins at "
                  + effective
                  + " already: two would overlap.");
        }
      }
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "update price_book set effective_from = ?, published_at = ?, sha256 = ? where id = ?")) {
      update.setObject(1, PriceSql.time(effective));
      update.setObject(2, PriceSql.time(now));
      update.setString(3, BookText.sha256(book));
      update.setLong(4, draft.id());
      update.executeUpdate();
    }
    plansChanged(connection, null);
    BookVersion published = PriceSql.books(connection, "id = ?", draft.id()).getFirst();
    audit(connection, "price_book.publish", published);
    return published;
  }

  private void audit(Connection connection, String action, BookVersion version)
      throws SQLException {
    String target = "price_book:" + version.book().name() + "@" + version.version();
    AuditLog.write(connection, OPERATOR, actor, action, target, null, BookText.of(version.book()));
  }

  /** Every version of every book, by name and version. */
  public List<BookVersion> list() {
    return PriceSql.transaction(
        database, "list the price books", connection -> PriceSql.books(connection, "true"));
  }

  /** Some of all versions of all books, by name and version. */
  public Page<BookVersion> list(PageRequest page) {
    Matcher after = CURSOR.matcher(page.afterName());
    if (page.after().isPresent() && !after.matches()) {
      throw PageRequest.notOurs();
    }
    String name = page.after().isPresent() ? after.group(1) : "";
    int version = page.after().isPresent() ? Integer.parseInt(after.group(2)) : 0;
    List<BookVersion> books =
        PriceSql.transaction(
            database,
            "list the price books",
            connection -> PriceSql.after(connection, name, version, page.limit() + 1));
    return page.cut(books, book -> book.book().name() + "@" + book.version());
  }

  /**
   * A version of a book.
   *
   * @param version 0 for the newest
   * @throws MoneyException when there is none
   */
  public BookVersion find(String name, int version) {
    List<BookVersion> found =
        PriceSql.transaction(
            database,
            "read the price book",
            connection ->
                version == 0
                    ? PriceSql.books(connection, "name = ?", name)
                    : PriceSql.books(connection, "name = ? and version = ?", name, version));
    if (found.isEmpty()) {
      throw missing(name, version);
    }
    return found.getLast();
  }

  private static MoneyException missing(String name, int version) {
    return new MoneyException(
        "There is no "
            + (version == 0 ? "price book '" : "version " + version + " of a price book '")
            + name
            + "'; 'yuntai prices list' shows all.");
  }

  /**
   * Lets an organisation pay by a book from an instant on, in place of what it agreed on before.
   *
   * @param from null for now
   * @throws MoneyException when the book is not published, is not in the organisation's currency,
   *     or the instant is in the past and the organisation has a contract
   */
  public Contract agree(
      long orgId, String bookName, @Nullable Instant from, List<Contract.Factor> factors) {
    for (Contract.Factor factor : factors) {
      Sku.check(factor.sku());
    }
    return PriceSql.transaction(
        database,
        "keep the contract",
        connection -> {
          Contract agreed = ContractSql.agree(connection, orgId, bookName, from, factors);
          AuditLog.write(
              connection, orgId, actor, "contract.agree", "price_book:" + bookName, null, agreed);
          return agreed;
        });
  }

  /** The id of the organisation that has a name. */
  public OptionalLong organisation(String name) {
    return PriceSql.transaction(
        database,
        "find an organisation",
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select id from org where name = ? and status <> 'deleted'")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
          }
        });
  }

  /**
   * What an organisation pays in.
   *
   * @throws MoneyException when there is none
   */
  public IsoCurrency currency(long orgId) {
    return IsoCurrency.of(organisationText(orgId, "currency"));
  }

  /**
   * What an organisation is called.
   *
   * @throws MoneyException when there is none
   */
  public String organisationName(long orgId) {
    return organisationText(orgId, "name");
  }

  private String organisationText(long orgId, String column) {
    return PriceSql.transaction(
        database,
        "read an organisation",
        connection ->
            Rows.first(
                    connection,
                    "select " + column + " from org where id = ?",
                    row -> row.getString(1),
                    orgId)
                .orElseThrow(() -> new MoneyException("There is no organisation " + orgId + ".")));
  }

  /** What an organisation agreed on that holds at an instant. */
  public Optional<Contract> contract(long orgId, Instant at) {
    return PriceSql.transaction(
        database, "read the contract", connection -> ContractSql.at(connection, orgId, at));
  }

  /** Makes every server forget the plans of an organisation, of all for null. */
  static void plansChanged(Connection connection, @Nullable Long orgId) throws SQLException {
    try (PreparedStatement call = connection.prepareStatement("select plans_changed(?)")) {
      call.setObject(1, orgId, java.sql.Types.BIGINT);
      call.execute();
    }
  }

  /**
   * Cards as they would be had a book always held, at instants past or to come; for simulations.
   * Their ids mean nothing.
   *
   * @param factors what is paid of its prices
   */
  public static RateCards supposed(PriceBook book, List<Contract.Factor> factors) {
    return new SupposedCards(book, factors);
  }
}
