package io.yuntai.ledger.capital;

import io.yuntai.ledger.capital.CapitalPlan.Asked;
import io.yuntai.ledger.capital.CapitalPlan.State;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Plans in the database. Safe for use by many threads. */
public final class CapitalPlans {
  /** Plans that may wait or be solved at once. */
  public static final int MAX_OPEN = 16;

  /** The organisation of whoever runs the server, whose audit log tells of plans. */
  private static final long OPERATOR = 1;

  private static final String OPEN = "state in ('waiting', 'solving')";
  private static final String SELECT =
      "select id, created_at, name, input, input_sha256, gap, seconds, seed, state, step, value, bound,"
          + " sentence, decided, finished_at from capital_plan";

  private final Transactions database;

  /** In this database. */
  public CapitalPlans(Transactions database) {
    this.database = database;
  }

  /**
   * Keeps a plan that is to be solved.
   *
   * @throws RefusedException when too many wait
   */
  public CapitalPlan add(Actor actor, String name, String input, String sha256, Asked asked) {
    return database.run(connection -> {
      Rows.call(connection, "lock table capital_plan in share row exclusive mode");
      long open =
          Rows.first(
                  connection,
                  "select count(*) as open from capital_plan where " + OPEN,
                  row -> row.getLong("open"))
              .orElse(0L);
      if (open >= MAX_OPEN) {
        throw new RefusedException(
            Reason.CONFLICT,
            "",
            "%d plans wait or are solved: wait for one, or stop one.".formatted(open));
      }
      long id =
          Rows.first(
                  connection,
                  "insert into capital_plan (actor, name, input, input_sha256, gap, seconds, seed, state)"
                      + " values (?, ?, ?, ?, ?, ?, ?, 'waiting') returning id",
                  row -> row.getLong("id"),
                  actor.name(),
                  name,
                  input,
                  sha256,
                  asked.gap(),
                  asked.seconds(),
                  asked.seed())
              .orElseThrow();
      AuditLog.write(connection, OPERATOR, actor, "plan.add", "plan:" + id, null, sha256);
      return find(id);
    });
  }

  /** Those that were not at an end, the oldest first: after a restart they are solved again. */
  public List<Long> open() {
    return database.run(connection ->
        Rows.list(
            connection,
            "select id from capital_plan where " + OPEN + " order by id limit ?",
            row -> row.getLong("id"),
            MAX_OPEN));
  }

  /**
   * One of them.
   *
   * @throws RefusedException when there is none
   */
  public CapitalPlan find(long id) {
    return database
        .run(connection -> Rows.first(connection, SELECT + " where id = ?", CapitalPlans::read, id))
        .orElseThrow(() -> RefusedException.notFound("plan", Long.toString(id)));
  }

  /** All, the newest first. */
  public Page<CapitalPlan> list(PageRequest page) {
    List<CapitalPlan> rows =
        database.run(connection ->
            Rows.list(
                connection,
                SELECT + " where id < ? order by id desc limit ?",
                CapitalPlans::read,
                page.beforeId(),
                page.limit() + 1));
    return page.cut(rows, plan -> Long.toString(plan.id()));
  }

  /** How far it is; nothing where it is at an end. */
  public void progress(long id, String step, @Nullable Double value, @Nullable Double bound) {
    database.run(connection ->
        Rows.change(
            connection,
            "update capital_plan set state = 'solving', step = left(?, 300), value = ?::double precision,"
                + " bound = ?::double precision where id = ? and "
                + OPEN,
            step,
            text(value),
            text(bound),
            id));
  }

  /** Its end; the first one counts. */
  public void end(
      long id,
      State state,
      @Nullable Double value,
      @Nullable Double bound,
      String sentence,
      @Nullable String decided) {
    database.run(connection ->
        Rows.change(
            connection,
            "update capital_plan set state = ?, value = ?::double precision, bound = ?::double precision,"
                + " sentence = left(?, 4000), decided = ?, finished_at = clock_timestamp()"
                + " where id = ? and "
                + OPEN,
            state.label(),
            text(value),
            text(bound),
            sentence,
            decided,
            id));
  }

  /**
   * Forgets one that is at an end.
   *
   * @throws RefusedException when there is none, or it is not at an end
   */
  public void remove(Actor actor, long id) {
    database.run(connection -> {
      CapitalPlan plan = find(id);
      if (!plan.state().isEnd()) {
        throw new RefusedException(
            Reason.CONFLICT,
            "",
            "Plan %d is %s: stop it first.".formatted(id, plan.state().label()));
      }
      AuditLog.write(
          connection, OPERATOR, actor, "plan.remove", "plan:" + id, plan.inputSha256(), null);
      return Rows.change(connection, "delete from capital_plan where id = ?", id);
    });
  }

  private static @Nullable String text(@Nullable Double number) {
    return number == null ? null : Double.toString(number);
  }

  private static CapitalPlan read(ResultSet row) throws SQLException {
    Instant finished = row.getObject("finished_at") == null ? null : Rows.time(row, "finished_at");
    return new CapitalPlan(
        row.getLong("id"),
        Rows.time(row, "created_at"),
        row.getString("name"),
        row.getString("input"),
        row.getString("input_sha256"),
        new Asked(row.getDouble("gap"), row.getDouble("seconds"), row.getLong("seed")),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getString("step"),
        number(row, "value"),
        number(row, "bound"),
        row.getString("sentence"),
        Optional.ofNullable(row.getString("decided")),
        Optional.ofNullable(finished));
  }

  private static OptionalDouble number(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
