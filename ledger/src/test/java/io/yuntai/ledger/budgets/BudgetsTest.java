package io.yuntai.ledger.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.CreatedKey;
import io.yuntai.ledger.keys.NewKey;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.NewOrganisation;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.OrganisationChange;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.Tenancy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets, credit and the plans made of them, in a real database. */
class BudgetsTest {
  private static final Actor ACTOR = new Actor("operator", "local");
  private static final IsoCurrency CNY = IsoCurrency.of("CNY");
  private static final PageRequest ALL = PageRequest.first(PageRequest.MAX_LIMIT);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @TempDir static Path folder;
  private static Database database;
  private static Transactions transactions;
  private static Tenancy tenancy;
  private static ApiKeys keys;
  private static Budgets budgets;
  private static Credits credits;
  private static BudgetAlerts alerts;

  @BeforeAll
  static void open() throws Exception {
    Path home = TestHomes.prepared(folder);
    database = Database.open(DatabaseOptions.embedded(home));
    transactions = new Transactions(database.dataSource());
    tenancy = new Tenancy(transactions);
    keys = new ApiKeys(transactions, Pepper.of(home, new SecureRandom()));
    budgets = new Budgets(transactions);
    credits = new Credits(transactions);
    alerts = new BudgetAlerts(transactions);
  }

  @AfterAll
  static void close() {
    keys.close();
    database.close();
  }

  private static Organisation make(Billing billing) {
    return tenancy
        .organisations()
        .create(
            ACTOR,
            new NewOrganisation(
                "tenant-" + NUMBERS.incrementAndGet(), "", "CNY", billing, "Asia/Shanghai"));
  }

  private static CreatedKey key(Organisation org) {
    long project = tenancy.projects().find(org, "default").id();
    return keys.create(
        ACTOR,
        new NewKey("ci", org.id(), project, 0, 0, Optional.empty(), List.of(), List.of(), null));
  }

  private static BudgetPlans plans() {
    return new BudgetPlans(transactions, new DatabaseRateCards(database.dataSource()));
  }

  private static Instant now() {
    return transactions.run(connection ->
        Rows.first(connection, "select clock_timestamp() as now", row -> Rows.time(row, "now"))
            .orElseThrow());
  }

  private static Budget set(Organisation org, BudgetTarget target, String text) {
    return budgets.set(ACTOR, org, target, BudgetText.parse(text, CNY), ExpectedVersion.ANY);
  }

  private static BudgetTarget of(Organisation org, CreatedKey key) {
    return new BudgetTarget(Level.KEY, keys.find(org.id(), key.id()).rowId(), key.id());
  }

  private static long counter(long id, String column) {
    return transactions.run(connection ->
        Rows.first(
                connection,
                "select " + column + " from counter where id = ?",
                row -> row.getLong(1),
                id)
            .orElseThrow());
  }

  /** As if requests had used so much. */
  private static void use(long counterId, long amount) {
    transactions.run(connection ->
        Rows.change(
            connection,
            "update counter set settled = settled + ? where id = ?",
            amount,
            counterId));
  }

  @Test
  void limitsNothingOfAServersOwnKeys() {
    CreatedKey key = keys.create("laptop", null);
    Instant at = now();
    RequestPlan plan = plans().plan(key.id(), "any", at);
    assertThat(plan.orgId()).isEqualTo(Organisation.DEFAULT_ID);
    assertThat(plan.counters()).isEmpty();
    assertThat(plan.validUntil()).isEqualTo(Period.HOUR.containing(at, ZoneOffset.UTC).to());
    assertThat(plan.rateCardId()).isZero();
    RequestPlan nobodys = plans().plan("anyone", "any", now());
    assertThat(nobodys.orgId()).isEqualTo(Organisation.DEFAULT_ID);
    assertThat(nobodys.keyId()).isZero();
  }

  @Test
  void drawsFromTheBudgetsOfTenantProjectUserAndKeyAndFromTheCredit() {
    Organisation org = make(Billing.PREPAID);
    long user = tenancy.members().add(ACTOR, org, "d@example.com", "", Role.DEVELOPER).userId();
    long project = tenancy.projects().create(ACTOR, org, "web", "").id();
    CreatedKey key =
        keys.create(
            ACTOR,
            new NewKey(
                "ci", org.id(), project, user, 0, Optional.empty(), List.of(), List.of(), null));
    credits.give(ACTOR, org, CreditKind.PAID, 100_000_000_000L, null, "");
    set(org, BudgetTarget.ORG, "50/month");
    set(org, new BudgetTarget(Level.PROJECT, project, "web"), "100k tokens/day");
    set(org, new BudgetTarget(Level.USER, user, "d@example.com"), "60 requests/minute");
    set(org, of(org, key), "1/day");
    set(org, of(org, key), "8 parallel");
    set(
        org,
        new BudgetTarget(Level.PROJECT, tenancy.projects().find(org, "default").id(), ""),
        "9/day");
    BudgetPlans plans = plans();
    Instant at = now();
    RequestPlan plan = plans.plan(key.id(), "any", at);
    assertThat(plan.counters())
        .extracting(PlannedCounter::unit)
        .containsExactly(
            Unit.MONEY, Unit.MONEY, Unit.TOKENS, Unit.REQUESTS, Unit.MONEY, Unit.PARALLEL);
    assertThat(plan.userId()).isEqualTo(user);
    assertThat(plan.projectId()).isEqualTo(project);
    assertThat(plan.validUntil()).isEqualTo(Period.MINUTE.containing(at, org.timeZone()).to());
    assertThat(counter(plan.counters().getFirst().counterId(), "limit_amt"))
        .isEqualTo(100_000_000_000L);
    assertThat(counter(plan.counters().get(4).counterId(), "limit_amt")).isEqualTo(1_000_000_000);
    assertThat(plan.counters().get(4).label())
        .isEqualTo("the budget of 1.00 CNY per day of key " + key.id());
    assertThat(plans.plan(key.id(), "other", at)).as("kept").isSameAs(plan);
    RequestPlan later = plans.plan(key.id(), "any", plan.validUntil());
    assertThat(later.counters().get(3).counterId())
        .isNotEqualTo(plan.counters().get(3).counterId());
    assertThat(later.counters().get(4)).isEqualTo(plan.counters().get(4));
  }

  @Test
  void keepsTheCountersOfAKeyThatIsRotated() {
    Organisation org = make(Billing.POSTPAID);
    CreatedKey key = key(org);
    set(org, of(org, key), "1/day");
    BudgetPlans plans = plans();
    Instant at = now();
    RequestPlan plan = plans.plan(key.id(), "any", at);
    CreatedKey next = keys.rotate(ACTOR, org.id(), key.id(), Duration.ofHours(1));
    RequestPlan after = plans.plan(next.id(), "any", at);
    assertThat(after.counters()).isEqualTo(plan.counters());
    assertThat(after.keyId()).isNotEqualTo(plan.keyId());
  }

  @Test
  void noticesAChangeOfABudget() {
    Organisation org = make(Billing.POSTPAID);
    CreatedKey key = key(org);
    BudgetPlans plans = plans();
    BudgetPlans elsewhere = plans();
    assertThat(plans.plan(key.id(), "any", now()).counters()).isEmpty();
    assertThat(elsewhere.plan(key.id(), "any", now()).counters()).isEmpty();
    Budget budget = set(org, of(org, key), "1/day");
    long returned = System.nanoTime();
    awaitBound(returned);
    assertThat(plans.plan(key.id(), "any", now()).counters()).hasSize(1);
    assertThat(elsewhere.plan(key.id(), "any", now()).counters()).hasSize(1);
    budgets.remove(ACTOR, org, budget.id(), ExpectedVersion.ANY);
    awaitBound(System.nanoTime());
    assertThat(plans.plan(key.id(), "any", now()).counters()).isEmpty();
    tenancy
        .organisations()
        .change(
            ACTOR,
            org.name(),
            new OrganisationChange(null, Billing.PREPAID, null, null, null, null),
            ExpectedVersion.ANY);
    awaitBound(System.nanoTime());
    assertThat(plans.plan(key.id(), "any", now()).counters())
        .extracting(PlannedCounter::label)
        .containsExactly("the tenant's credit");
  }

  private static void awaitBound(long sinceNanos) {
    await().until(() -> System.nanoTime() - sinceNanos > BudgetPlans.CHANGE_BOUND.toNanos());
  }

  @Test
  void changesTheLimitOfTheRunningWindow() {
    Organisation org = make(Billing.POSTPAID);
    CreatedKey key = key(org);
    Budget budget = set(org, of(org, key), "10/day");
    long id = plans().plan(key.id(), "any", now()).counters().getFirst().counterId();
    use(id, 4_000_000_000L);
    set(org, of(org, key), "20/day");
    assertThat(counter(id, "limit_amt")).isEqualTo(20_000_000_000L);
    Budget lowered = set(org, of(org, key), "1/day");
    assertThat(lowered.id()).isEqualTo(budget.id());
    assertThat(lowered.version()).isEqualTo(3);
    assertThat(counter(id, "limit_amt"))
        .as("nothing more, nothing taken back")
        .isEqualTo(4_000_000_000L);
    assertThat(counter(id, "wanted_limit")).isEqualTo(1_000_000_000L);
    BudgetStatus status = budgets.find(org, budget.id());
    assertThat(status.used()).isEqualTo(4_000_000_000L);
    assertThat(status.window()).isEqualTo(Period.DAY.containing(now(), org.timeZone()));
    budgets.set(
        ACTOR,
        org,
        of(org, key),
        new BudgetTerms(Unit.MONEY, Period.DAY, 1, false, List.of()),
        ExpectedVersion.of(3));
    assertThat(counter(id, "limit_amt")).as("only told").isGreaterThan(Long.MAX_VALUE / 4);
    assertThatThrownBy(() ->
            budgets.set(
                ACTOR, org, of(org, key), BudgetText.parse("2/day", CNY), ExpectedVersion.of(3)))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CHANGED));
  }

  @Test
  void refusesMoreBudgetsThanARequestCanDrawFrom() {
    Organisation org = make(Billing.POSTPAID);
    CreatedKey key = key(org);
    List<String> texts = new ArrayList<>();
    for (String period : List.of("minute", "hour", "day", "week", "month", "total")) {
      texts.add("1/" + period);
    }
    texts.forEach(text -> set(org, BudgetTarget.ORG, text));
    texts.subList(0, 5).forEach(text -> set(org, of(org, key), text));
    assertThatThrownBy(() -> set(org, of(org, key), texts.getLast()))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
    assertThat(budgets.list(org, ALL).items()).hasSize(11);
    set(org, of(org, key(org)), texts.getFirst());
    assertThat(plans().plan(key.id(), "any", now()).counters()).hasSize(11);
  }

  @Test
  void opensAWindowOnceHoweverManyAsk() throws Exception {
    Organisation org = make(Billing.PREPAID);
    CreatedKey key = key(org);
    set(org, of(org, key), "1/day");
    set(org, BudgetTarget.ORG, "9 requests/minute");
    Instant at = now();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<RequestPlan>> together = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        together.add(() -> plans().plan(key.id(), "any", at));
      }
      List<RequestPlan> made = new ArrayList<>();
      for (Future<RequestPlan> plan : threads.invokeAll(together)) {
        made.add(plan.get());
      }
      assertThat(made).allSatisfy(plan -> assertThat(plan).isEqualTo(made.getFirst()));
    }
    long counters =
        transactions.run(connection ->
            Rows.first(
                    connection,
                    "select count(*) from counter where org_id = ?",
                    row -> row.getLong(1),
                    org.id())
                .orElseThrow());
    assertThat(counters).isEqualTo(3);
  }

  @Test
  void opensWindowsBeforeTheyBegin() {
    Organisation org = make(Billing.POSTPAID);
    CreatedKey key = key(org);
    set(org, of(org, key), "9 requests/minute");
    BudgetPlans plans = plans();
    RequestPlan plan = plans.plan(key.id(), "any", now());
    plans.openAhead(Duration.ofMinutes(2));
    assertThat(plans.openAhead(Duration.ofMinutes(1))).as("none twice").isZero();
    long windows =
        transactions.run(connection ->
            Rows.first(
                    connection,
                    "select count(*) from budget_window where org_id = ? and lower(win) >= ?::timestamptz",
                    row -> row.getLong(1),
                    org.id(),
                    plan.validUntil())
                .orElseThrow());
    assertThat(windows).isPositive();
  }

  @Test
  void givesCreditToWhoPaysBefore() {
    Organisation org = make(Billing.PREPAID);
    credits.give(ACTOR, org, CreditKind.PAID, 100_000_000_000L, null, "");
    CreditGrant more = credits.give(ACTOR, org, CreditKind.PROMO, 5_000_000_000L, null, "welcome");
    assertThat(credits.list(org, ALL).items()).hasSize(2).first().isEqualTo(more);
    assertThat(credits.standing(org).orElseThrow().budget().terms().amount())
        .isEqualTo(105_000_000_000L);
    assertThatThrownBy(
            () -> credits.give(ACTOR, make(Billing.POSTPAID), CreditKind.PAID, 1, null, ""))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
    for (long amount : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> credits.give(ACTOR, org, CreditKind.PAID, amount, null, ""))
          .isInstanceOf(RefusedException.class);
    }
    assertThatThrownBy(() ->
            credits.give(ACTOR, org, CreditKind.PAID, 1, Instant.parse("2020-01-01T00:00:00Z"), ""))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void endsCreditThatExpires() {
    Organisation org = make(Billing.PREPAID);
    credits.give(ACTOR, org, CreditKind.PAID, 100_000_000_000L, null, "");
    CreditGrant promo =
        credits.give(ACTOR, org, CreditKind.PROMO, 5_000_000_000L, now().plusSeconds(3600), "");
    assertThat(credits.expire()).isZero();
    transactions.run(connection ->
        Rows.change(
            connection,
            "update credit_grant set expires_at = clock_timestamp() where id = ?",
            promo.id()));
    assertThat(credits.expire()).isEqualTo(1);
    assertThat(credits.expire()).isZero();
    assertThat(credits.standing(org).orElseThrow().budget().terms().amount())
        .isEqualTo(100_000_000_000L);
    assertThat(credits.list(org, ALL).items().getFirst().expiredNano()).isEqualTo(5_000_000_000L);
  }

  @Test
  void tellsOfEachPercentageOnce() {
    Organisation org = make(Billing.POSTPAID);
    CreatedKey key = key(org);
    Budget budget = set(org, of(org, key), "10/day");
    long id = plans().plan(key.id(), "any", now()).counters().getFirst().counterId();
    assertThat(own(org)).isEmpty();
    use(id, 7_999_999_999L);
    assertThat(own(org)).isEmpty();
    use(id, 1);
    assertThat(own(org))
        .singleElement()
        .satisfies(alert -> {
          assertThat(alert.percent()).isEqualTo(80);
          assertThat(alert.budgetId()).isEqualTo(budget.id());
          assertThat(alert.used()).isEqualTo(8_000_000_000L);
        });
    assertThat(own(org)).isEmpty();
    use(id, 2_000_000_000L);
    assertThat(own(org)).extracting(BudgetAlert::percent).containsExactly(100);
    assertThat(alerts.list(org, ALL).items())
        .extracting(BudgetAlert::percent)
        .containsExactly(100, 80);
  }

  private static List<BudgetAlert> own(Organisation org) {
    return alerts.look().stream().filter(alert -> alert.orgId() == org.id()).toList();
  }
}
