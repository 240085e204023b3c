package io.yuntai.ledger.prices;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Commitments in the database. Safe for use by many threads. */
public final class CommitmentStore {
  private static final String SELECT =
      "select id, org_id, kind, sku, period, zone, tokens, fee_nano, num, den, lower(term), upper(term)"
          + " from commitment where ";

  /** So long before and after an instant a clock must be known to say which month it is in. */
  private static final Duration MONTH_AND_MORE = Duration.ofDays(70);

  private final DataSource database;
  private final Actor actor;

  /**
   * @param actor who makes changes, for the audit log
   */
  public CommitmentStore(DataSource database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * Agrees on a commitment.
   *
   * @param sku which models, see {@link Sku}
   * @param from when it begins: null for the period that is under way. Earlier ones only as far as
   *     the organisation has no invoice of that time
   * @throws MoneyException when the instant is not the beginning of a period, is on an invoice
   *     already, or a commitment of this kind for these models holds then
   */
  public Commitment agree(
      long orgId,
      String sku,
      CommitmentPeriod period,
      CommitmentTerms terms,
      @Nullable Instant from) {
    Sku.check(sku);
    return PriceSql.transaction(
        database,
        "keep the commitment",
        connection -> {
          lock(connection, orgId);
          ZoneId zone = zone(connection, orgId);
          Instant start = start(connection, orgId, period, zone, from);
          requireAlone(connection, orgId, terms, sku, start);
          Commitment agreed = insert(connection, orgId, sku, period, terms, zone, start);
          AuditLog.write(
              connection,
              orgId,
              actor,
              "commitment.agree",
              "commitment:" + agreed.id(),
              null,
              agreed.text());
          return agreed;
        });
  }

  private static ZoneId zone(Connection connection, long orgId) throws SQLException {
    return Rows.first(
            connection,
            "select time_zone from org where id = ?",
            row -> ZoneId.of(row.getString(1)),
            orgId)
        .orElseThrow(() -> new MoneyException("There is no organisation " + orgId + "."));
  }

  private static Instant start(
      Connection connection,
      long orgId,
      CommitmentPeriod period,
      ZoneId zone,
      @Nullable Instant from)
      throws SQLException {
    Instant now = PriceSql.now(connection);
    Instant start = from == null ? begin(period, zone, now) : from;
    requireBeginning(period, zone, start);
    Optional<Instant> invoiced =
        Rows.first(
            connection,
            "select max(upper(period)) as until from invoice where org_id = ? and credits is null"
                + " having max(upper(period)) is not null",
            row -> Rows.time(row, "until"),
            orgId);
    if (invoiced.isPresent() && start.isBefore(invoiced.get())) {
      throw new MoneyException(
          "What was used up to "
              + invoiced.get()
              + " is on an invoice already, so the commitment can't begin at "
              + start
              + ".");
    }
    return start;
  }

  private static Instant begin(CommitmentPeriod period, ZoneId zone, Instant at) {
    LocalClock clock = LocalClock.of(zone, at.minus(MONTH_AND_MORE), at.plus(MONTH_AND_MORE));
    return period.begin(at, clock);
  }

  private static void requireBeginning(CommitmentPeriod period, ZoneId zone, Instant at) {
    Instant begin = begin(period, zone, at);
    if (!begin.equals(at)) {
      throw new MoneyException(
          "A commitment by the "
              + period.text()
              + " begins and ends with one, in "
              + (period == CommitmentPeriod.HOUR ? "UTC" : zone.getId())
              + ": at "
              + begin
              + ", not at "
              + at
              + ".");
    }
  }

  private static void requireAlone(
      Connection connection, long orgId, CommitmentTerms terms, String sku, Instant start)
      throws SQLException {
    Optional<Long> other =
        Rows.first(
            connection,
            "select id from commitment where org_id = ? and kind = ? and sku = ?"
                + " and (upper_inf(term) or upper(term) > ?) limit 1",
            row -> row.getLong(1),
            orgId,
            terms.kind(),
            sku,
            start);
    if (other.isPresent()) {
      throw new MoneyException(
          "Commitment "
              + other.get()
              + " of this kind holds for '"
              + sku
              + "' then: end it before, or choose a later beginning.");
    }
  }

  private static Commitment insert(
      Connection connection,
      long orgId,
      String sku,
      CommitmentPeriod period,
      CommitmentTerms terms,
      ZoneId zone,
      Instant from)
      throws SQLException {
    Long tokens =
        switch (terms) {
          case CommitmentTerms.FreeTokens free -> (Long) free.tokens();
          case CommitmentTerms.Reservation reserved -> (Long) reserved.tokens();
          case CommitmentTerms.SavingsPlan _ -> null;
        };
    Ratio pays = terms instanceof CommitmentTerms.SavingsPlan plan ? plan.pays() : null;
    long id =
        Rows.first(
                connection,
                "insert into commitment (org_id, kind, sku, period, zone, tokens, fee_nano, num, den, term)"
                    + " values (?, ?, ?, ?, ?, ?::bigint, ?, ?::numeric, ?::numeric, tstzrange(?, null)) returning id",
                row -> row.getLong(1),
                orgId,
                terms.kind(),
                sku,
                period.text(),
                zone.getId(),
                tokens,
                terms.feeNano(),
                pays == null ? null : new BigDecimal(pays.num()),
                pays == null ? null : new BigDecimal(pays.den()),
                from)
            .orElseThrow();
    return new Commitment(id, orgId, sku, period, terms, zone.getId(), from, null);
  }

  /**
   * Ends a commitment.
   *
   * @param at the end of a period; null for that of the one under way
   * @throws MoneyException when there is none, it has an end already, or the instant is past or
   *     within a period
   */
  public Commitment end(long id, @Nullable Instant at) {
    return PriceSql.transaction(
        database,
        "end the commitment",
        connection -> {
          Commitment found = find(connection, id);
          lock(connection, found.orgId());
          if (found.until() != null) {
            throw new MoneyException("Commitment " + id + " ends at " + found.until() + ".");
          }
          Instant end = at == null ? endOfPeriod(connection, found) : at;
          requireBeginning(found.period(), ZoneId.of(found.zone()), end);
          if (!end.isAfter(found.from()) || end.isBefore(PriceSql.now(connection))) {
            throw new MoneyException(
                "Commitment "
                    + id
                    + " can't end at "
                    + end
                    + ": only a period that is to come or under way can be its last one.");
          }
          Rows.change(
              connection,
              "update commitment set term = tstzrange(lower(term), ?) where id = ?",
              end,
              id);
          AuditLog.write(
              connection,
              found.orgId(),
              actor,
              "commitment.end",
              "commitment:" + id,
              null,
              "until " + end);
          return find(connection, id);
        });
  }

  private static Instant endOfPeriod(Connection connection, Commitment commitment)
      throws SQLException {
    Instant now = PriceSql.now(connection);
    Instant at = now.isBefore(commitment.from()) ? commitment.from() : now;
    LocalClock clock =
        LocalClock.of(
            ZoneId.of(commitment.zone()), at.minus(MONTH_AND_MORE), at.plus(MONTH_AND_MORE));
    return commitment.period().next(commitment.period().begin(at, clock), clock);
  }

  /** All of an organisation, of every one for null, by id. */
  public List<Commitment> list(@Nullable Long orgId) {
    return PriceSql.transaction(
        database,
        "list the commitments",
        connection ->
            orgId == null
                ? Rows.list(connection, SELECT + "true order by id", CommitmentStore::read)
                : of(connection, orgId));
  }

  /** All of an organisation, by id. */
  public static List<Commitment> of(Connection connection, long orgId) throws SQLException {
    return Rows.list(connection, SELECT + "org_id = ? order by id", CommitmentStore::read, orgId);
  }

  /**
   * A commitment.
   *
   * @throws MoneyException when there is none
   */
  private static Commitment find(Connection connection, long id) throws SQLException {
    return Rows.first(connection, SELECT + "id = ?", CommitmentStore::read, id)
        .orElseThrow(() ->
            new MoneyException(
                "There is no commitment " + id + "; 'yuntai commitments list' shows all."));
  }

  /**
   * Lets nobody else agree on commitments of an organisation, or issue its invoices, until this
   * transaction ends: what an invoice has had no later commitment may change.
   */
  public static void lock(Connection connection, long orgId) throws SQLException {
    Rows.call(
        connection,
        "select pg_advisory_xact_lock(hashtextextended('invoices of ' || ?::text, 0))",
        Long.toString(orgId));
  }

  private static Commitment read(ResultSet row) throws SQLException {
    long tokens = row.getLong(7);
    long fee = row.getLong(8);
    CommitmentTerms terms =
        switch (row.getString(3)) {
          case "free_tokens" -> new CommitmentTerms.FreeTokens(tokens);
          case "reservation" -> new CommitmentTerms.Reservation(tokens, fee);
          default -> new CommitmentTerms.SavingsPlan(fee, PriceSql.ratio(row, 9));
        };
    Instant from = PriceSql.instant(row, 11);
    if (from == null) {
      throw new SQLException("a commitment without a beginning");
    }
    return new Commitment(
        row.getLong(1),
        row.getLong(2),
        row.getString(4),
        CommitmentPeriod.of(row.getString(5)),
        terms,
        row.getString(6),
        from,
        PriceSql.instant(row, 12));
  }
}
