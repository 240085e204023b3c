package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.tenancy.Organisation.Status;
import io.yuntai.ledger.tenancy.OrganisationSort.Placed;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The organisations of this server. Safe for use by many threads. */
public final class Organisations {
  private static final String COLUMNS =
      "id, name, title, currency, billing, status, time_zone, fail_mode, on_disconnect, created_at, version";

  private final Transactions database;

  Organisations(Transactions database) {
    this.database = database;
  }

  /**
   * Makes an organisation with a project "default".
   *
   * @throws RefusedException when a value can't be accepted or the name is taken
   */
  public Organisation create(Actor actor, NewOrganisation wanted) {
    String name = Texts.handle("name", wanted.name());
    String title = Texts.title("title", wanted.title());
    ZoneId zone = Texts.zone("time_zone", wanted.timeZone());
    String currency = currency(wanted.currency());
    return database.run(connection -> {
      Organisation made =
          Rows.first(
                  connection,
                  "insert into org (name, title, currency, billing, time_zone)"
                      + " values (?, ?, ?, ?, ?)"
                      + " on conflict (name) where status <> 'deleted' do nothing returning "
                      + COLUMNS,
                  Organisations::read,
                  name,
                  title,
                  currency,
                  wanted.billing().label(),
                  zone.getId())
              .orElseThrow(() ->
                  new RefusedException(
                      Reason.EXISTS, "name", "There is a tenant '%s' already.".formatted(name)));
      AuditLog.write(connection, made.id(), actor, "tenant.create", "tenant:" + name, null, made);
      Projects.insert(connection, made, actor, Organisation.DEFAULT, "");
      return made;
    });
  }

  private static String currency(String code) {
    try {
      return IsoCurrency.of(code.toUpperCase(Locale.ROOT)).code();
    } catch (MoneyException unknown) {
      throw RefusedException.invalid(
          "currency",
          "'%s' is no currency: write three letters of ISO 4217, such as CNY, USD or EUR."
              .formatted(RefusedException.shown(code)));
    }
  }

  /** Those that aren't deleted, in the order of their names. */
  public Page<Organisation> list(PageRequest page) {
    return database.run(connection ->
        page.cut(
            Rows.list(
                connection,
                "select "
                    + COLUMNS
                    + " from org where status <> 'deleted' and name > ? order by name limit ?",
                Organisations::read,
                page.afterName(),
                page.limit() + 1),
            Organisation::name));
  }

  /** Those that a filter lets through, in an order. */
  public Page<Organisation> list(
      OrganisationFilter filter, OrganisationSort sort, PageRequest page) {
    StringBuilder where = new StringBuilder("status <> 'deleted'");
    List<Object> values = new ArrayList<>();
    if (!filter.text().isEmpty()) {
      where.append(
          " and (position(lower(?) in name) > 0 or position(lower(?) in lower(title)) > 0)");
      values.addAll(List.of(filter.text(), filter.text()));
    }
    filter
        .status()
        .ifPresent(status -> {
          where.append(" and status = ?");
          values.add(status.label());
        });
    filter
        .billing()
        .ifPresent(billing -> {
          where.append(" and billing = ?");
          values.add(billing.label());
        });
    sort.after(page)
        .ifPresent(place -> {
          where.append(" and ").append(sort.behind());
          values.addAll(List.of(place));
        });
    values.add(page.limit() + 1);
    Page<Placed> placed =
        database.run(connection ->
            page.cut(
                Rows.list(
                    connection,
                    "select %s, %s as place from org where %s order by %s limit ?"
                        .formatted(COLUMNS, sort.place(), where, sort.sql()),
                    row -> new Placed(read(row), row.getString("place")),
                    values.toArray()),
                sort::cursor));
    return new Page<>(placed.items().stream().map(Placed::organisation).toList(), placed.next());
  }

  /**
   * The organisation of this name.
   *
   * @throws RefusedException when there is none
   */
  public Organisation find(String name) {
    if (!Texts.isHandle(name)) {
      throw RefusedException.notFound("tenant", name);
    }
    return database
        .run(connection -> find(connection, name, ""))
        .orElseThrow(() -> RefusedException.notFound("tenant", name));
  }

  /** The organisation of this number, deleted or not. */
  public Optional<Organisation> find(long id) {
    return database.run(connection ->
        Rows.first(
            connection, "select " + COLUMNS + " from org where id = ?", Organisations::read, id));
  }

  private static Optional<Organisation> find(Connection connection, String name, String lock)
      throws SQLException {
    return Rows.first(
        connection,
        "select " + COLUMNS + " from org where name = ? and status <> 'deleted'" + lock,
        Organisations::read,
        name);
  }

  /**
   * Changes an organisation; its keys follow within {@code ApiKeys.REVOCATION_BOUND}.
   *
   * @throws RefusedException when there is none, or the change can't be made
   */
  public Organisation change(
      Actor actor, String name, OrganisationChange change, ExpectedVersion expected) {
    return database.run(connection -> {
      Organisation before = lock(connection, name, expected);
      boolean suspended =
          Objects.requireNonNullElse(change.suspended(), before.status() == Status.SUSPENDED);
      if (suspended && before.id() == Organisation.DEFAULT_ID) {
        throw new RefusedException(
            Reason.CONFLICT, "status", "The tenant 'default' is this server's own: it stays.");
      }
      Organisation wanted =
          new Organisation(
              before.id(),
              name,
              Texts.title("title", Objects.requireNonNullElse(change.title(), before.title())),
              before.currency(),
              Objects.requireNonNullElse(change.billing(), before.billing()),
              suspended ? Status.SUSPENDED : Status.ACTIVE,
              change.timeZone() == null
                  ? before.timeZone()
                  : Texts.zone("time_zone", change.timeZone()),
              Objects.requireNonNullElse(change.failOpen(), before.failOpen()),
              Objects.requireNonNullElse(change.answersGoOn(), before.answersGoOn()),
              before.created(),
              before.version() + 1);
      return write(connection, actor, "tenant.change", before, wanted);
    });
  }

  /**
   * Marks an organisation as deleted: its keys are refused for ever, its usage and invoices stay.
   *
   * @throws RefusedException when there is none, or it is {@link Organisation#DEFAULT}
   */
  public void delete(Actor actor, String name, ExpectedVersion expected) {
    database.run(connection -> {
      Organisation before = lock(connection, name, expected);
      if (before.id() == Organisation.DEFAULT_ID) {
        throw new RefusedException(
            Reason.CONFLICT, "", "The tenant 'default' is this server's own: it stays.");
      }
      Organisation wanted =
          new Organisation(
              before.id(),
              name,
              before.title(),
              before.currency(),
              before.billing(),
              Status.DELETED,
              before.timeZone(),
              before.failOpen(),
              before.answersGoOn(),
              before.created(),
              before.version() + 1);
      return write(connection, actor, "tenant.delete", before, wanted);
    });
  }

  private static Organisation lock(Connection connection, String name, ExpectedVersion expected)
      throws SQLException {
    // The number is always taken before rows of organisations, budgets and counters.
    Rows.call(connection, "select 1 from plan_change for update");
    Organisation now =
        Texts.isHandle(name)
            ? find(connection, name, " for update")
                .orElseThrow(() -> RefusedException.notFound("tenant", name))
            : raise(name);
    expected.check(now.version());
    return now;
  }

  private static Organisation raise(String name) {
    throw RefusedException.notFound("tenant", name);
  }

  private static Organisation write(
      Connection connection, Actor actor, String action, Organisation before, Organisation wanted)
      throws SQLException {
    Rows.change(
        connection,
        "update org set title = ?, billing = ?, status = ?, time_zone = ?, fail_mode = ?,"
            + " on_disconnect = ?, version = ?,"
            + " deleted_at = case when ? = 'deleted' then clock_timestamp() end where id = ?",
        wanted.title(),
        wanted.billing().label(),
        wanted.status().label(),
        wanted.timeZone().getId(),
        wanted.failOpen() ? "open" : "closed",
        wanted.answersGoOn() ? "continue" : "stop",
        wanted.version(),
        wanted.status().label(),
        wanted.id());
    Rows.call(connection, "select plans_changed(?), keys_changed(?)", wanted.id(), wanted.id());
    AuditLog.write(
        connection, wanted.id(), actor, action, "tenant:" + wanted.name(), before, wanted);
    return wanted;
  }

  private static Organisation read(ResultSet row) throws SQLException {
    return new Organisation(
        row.getLong("id"),
        row.getString("name"),
        row.getString("title"),
        row.getString("currency"),
        Organisation.Billing.of(row.getString("billing")),
        Status.of(row.getString("status")),
        ZoneId.of(row.getString("time_zone")),
        row.getString("fail_mode").equals("open"),
        row.getString("on_disconnect").equals("continue"),
        Rows.time(row, "created_at"),
        row.getLong("version"));
  }
}
