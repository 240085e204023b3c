package io.yuntai.ledger.budgets;

import io.yuntai.ledger.database.Freshness;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.tenancy.Organisation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Plans from the tables of budgets, kept in memory until one of their windows ends or somebody
 * changes what they are made of.
 *
 * <p>Changes are noticed as revocations of keys are: by asking for organisations with a number
 * above the last one seen, at most once per {@code maxAge} and only when a plan is asked for. The
 * number's row is locked until commit, so asking never skips one that commits late. Where requests
 * come all the time it is done ahead, beside them.
 */
public final class BudgetPlans implements Plans {
  /** A request that begins this long after a change of a budget has returned is held to it. */
  public static final Duration CHANGE_BOUND = Duration.ofMillis(250);

  private static final int MAX_PLANS = 50_000;
  private static final int MAX_CHANGES = 1000;

  private final Transactions database;
  private final RateCards cards;
  private final Map<Payer, RequestPlan> plans = new ConcurrentHashMap<>();
  private final Freshness freshness;
  private volatile long lastNumber;

  /** Plans of this database. */
  public BudgetPlans(Transactions database, RateCards cards) {
    this.database = database;
    this.cards = cards;
    this.freshness = new Freshness("budget-plans", CHANGE_BOUND, this::refresh);
  }

  @Override
  public RequestPlan plan(Payer payer, String model, Instant at) {
    RequestPlan known = plans.get(payer);
    if (known != null && known.failMode() == FailMode.OPEN) {
      freshness.ensureUnlessAway();
    } else {
      freshness.ensure();
    }
    RequestPlan cached = plans.get(payer);
    return cached != null && at.isBefore(cached.validUntil())
        ? cached
        : freshness.read(() -> load(payer, at));
  }

  private void refresh() {
    record Change(long orgId, long number) {}
    List<Change> changes =
        database.look(connection ->
            Rows.list(
                connection,
                "select id, plan_number from org where plan_number > ? order by plan_number limit ?",
                row -> new Change(row.getLong(1), row.getLong(2)),
                lastNumber,
                MAX_CHANGES + 1));
    if (!changes.isEmpty()) {
      lastNumber = changes.getLast().number();
      Set<Long> changed = new HashSet<>();
      changes.forEach(change -> changed.add(change.orgId()));
      boolean all = changes.size() > MAX_CHANGES;
      plans.values().removeIf(plan -> all || changed.contains(plan.orgId()));
    }
  }

  private RequestPlan load(Payer payer, Instant at) {
    long numberBefore = lastNumber;
    Owner owner = database.run(connection -> owner(connection, payer));
    // Not within a transaction, since this takes a connection of its own.
    RateCard card = cards.current(owner.orgId(), at);
    RequestPlan plan = database.run(connection -> read(connection, owner, card, at));
    freshness.underLock(() -> {
      // A change seen meanwhile may be of this very plan, read before it: then it isn't kept.
      if (numberBefore == lastNumber) {
        if (plans.size() >= MAX_PLANS) {
          plans.remove(plans.keySet().iterator().next());
        }
        plans.put(payer, plan);
      }
    });
    return plan;
  }

  /**
   * @param keyId 0 for none
   * @param rootId the first of the key's rotations: budgets are its; 0 for none
   */
  private record Owner(long orgId, long projectId, long userId, long keyId, long rootId) {
    static final Owner NOBODY = new Owner(Organisation.DEFAULT_ID, 1, 0, 0, 0);

    static Owner read(ResultSet row) throws SQLException {
      return new Owner(
          row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
    }
  }

  private static Owner owner(Connection connection, Payer payer) throws SQLException {
    return switch (payer) {
      case Payer.Key(String publicId) ->
          Rows.first(
                  connection,
                  "select org_id, project_id, coalesce(user_id, 0), id, coalesce(root_id, id)"
                      + " from api_key where public_id = ?",
                  Owner::read,
                  publicId)
              .orElse(Owner.NOBODY);
      case Payer.Person(long orgId, long projectId, long userId) ->
          new Owner(orgId, projectId, userId, 0, 0);
    };
  }

  private static RequestPlan read(Connection connection, Owner owner, RateCard card, Instant at)
      throws SQLException {
    record Org(String currency, boolean prepaid, FailMode failMode) {}
    Org org =
        Rows.first(
                connection,
                "select currency, billing = 'prepaid', fail_mode from org where id = ?",
                row ->
                    new Org(
                        row.getString(1),
                        row.getBoolean(2),
                        row.getString(3).equals("open") ? FailMode.OPEN : FailMode.CLOSED),
                owner.orgId())
            .orElseThrow();
    IsoCurrency currency = IsoCurrency.of(org.currency());
    List<PlannedCounter> counters = new ArrayList<>();
    // A card knows when other prices begin, also where there are none yet; an hour is only a bound.
    Instant hourEnd = Period.HOUR.containing(at, ZoneOffset.UTC).to();
    Instant validUntil = card.until().isBefore(hourEnd) ? card.until() : hourEnd;
    // The wallet first: making it locks what is always locked before budgets.
    if (org.prepaid()) {
      Budget wallet = Credits.wallet(connection, owner.orgId());
      BudgetWindows.Opened window = BudgetWindows.open(connection, owner.orgId(), wallet, true, at);
      counters.add(
          new PlannedCounter(window.counterId(), Unit.MONEY, window.to(), "the tenant's credit"));
    }
    for (Budget budget : budgets(connection, owner)) {
      BudgetWindows.Opened window =
          BudgetWindows.open(connection, owner.orgId(), budget, false, at);
      counters.add(counter(budget, window, currency));
      validUntil = window.to().isBefore(validUntil) ? window.to() : validUntil;
    }
    return new RequestPlan(
        owner.orgId(),
        owner.projectId(),
        owner.userId(),
        owner.keyId(),
        counters,
        card.id(),
        org.failMode(),
        validUntil);
  }

  private static List<Budget> budgets(Connection connection, Owner owner) throws SQLException {
    return Rows.list(
        connection,
        BudgetRows.SELECT
            + " and not b.is_wallet and (b.level = 'org' or b.project_id = ? or b.user_id = ?"
            + " or b.key_id = ?) order by b.id limit "
            + (RequestPlan.MAX_COUNTERS - 1),
        BudgetRows::read,
        owner.orgId(),
        owner.projectId(),
        owner.userId(),
        owner.rootId());
  }

  private static PlannedCounter counter(
      Budget budget, BudgetWindows.Opened window, IsoCurrency currency) {
    return new PlannedCounter(
        window.counterId(),
        budget.terms().unit(),
        window.to(),
        "the budget of %s of %s"
            .formatted(BudgetText.words(budget.terms(), currency), budget.target().words()));
  }

  /**
   * Opens the windows that begin soon, of budgets that are in use, so that no request waits for it.
   *
   * @param horizon how soon
   * @return how many
   */
  public int openAhead(Duration horizon) {
    record Due(long orgId, long budgetId, Instant at) {}
    List<Due> due =
        database.run(connection ->
            Rows.list(
                connection,
                """
                select w.org_id, w.budget_id, upper(w.win) as next_begin from budget_window w
                  join budget b on b.org_id = w.org_id and b.id = w.budget_id
                where b.deleted_at is null and upper(w.win) > clock_timestamp()
                  and upper(w.win) <= clock_timestamp() + ? * interval '1 millisecond'
                  and not exists (select from budget_window n
                    where n.budget_id = w.budget_id and n.win @> upper(w.win))
                limit 10000\
                """,
                row ->
                    new Due(
                        row.getLong("org_id"),
                        row.getLong("budget_id"),
                        Rows.time(row, "next_begin")),
                horizon.toMillis()));
    for (Due window : due) {
      database.run(connection -> {
        Optional<Budget> budget =
            Rows.first(
                connection,
                BudgetRows.SELECT + " and b.id = ?",
                BudgetRows::read,
                window.orgId(),
                window.budgetId());
        if (budget.isPresent()) {
          BudgetWindows.open(connection, window.orgId(), budget.get(), false, window.at());
        }
        return budget.isPresent();
      });
    }
    return due.size();
  }
}
