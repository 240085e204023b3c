package io.yuntai.ledger.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.budgets.BudgetAlerts;
import io.yuntai.ledger.budgets.BudgetPlans;
import io.yuntai.ledger.budgets.BudgetTarget;
import io.yuntai.ledger.budgets.BudgetText;
import io.yuntai.ledger.budgets.Budgets;
import io.yuntai.ledger.budgets.Level;
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
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Tenancy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is to be told, in a real database. */
class AlertOutboxTest {
  private static final Actor ACTOR = new Actor("operator", "local");
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @TempDir static Path folder;
  private static Database database;
  private static Transactions transactions;
  private static Tenancy tenancy;
  private static ApiKeys keys;
  private static AlertTargets targets;
  private static AlertOutbox outbox;

  @BeforeAll
  static void open() throws Exception {
    Path home = TestHomes.prepared(folder);
    database = Database.open(DatabaseOptions.embedded(home));
    transactions = new Transactions(database.dataSource());
    tenancy = new Tenancy(transactions);
    SecureRandom random = new SecureRandom();
    Pepper pepper = Pepper.of(home, random);
    keys = new ApiKeys(transactions, pepper);
    targets = new AlertTargets(transactions, pepper, random);
    outbox = new AlertOutbox(transactions, pepper);
  }

  @AfterAll
  static void close() {
    keys.close();
    database.close();
  }

  private static Organisation tenant() {
    return tenancy
        .organisations()
        .create(
            ACTOR,
            new NewOrganisation(
                "t" + NUMBERS.incrementAndGet(), "", "CNY", Billing.POSTPAID, "UTC"));
  }

  /** Uses a budget of the tenant up to 90 %, which is told at 80 %. */
  private static void alert(Organisation org) {
    long project = tenancy.projects().find(org, "default").id();
    CreatedKey key =
        keys.create(
            ACTOR,
            new NewKey(
                "ci", org.id(), project, 0, 0, Optional.empty(), List.of(), List.of(), null));
    long row = keys.find(org.id(), key.id()).rowId();
    new Budgets(transactions)
        .set(
            ACTOR,
            org,
            new BudgetTarget(Level.KEY, row, key.id()),
            BudgetText.parse("10", IsoCurrency.of("CNY")),
            ExpectedVersion.ANY);
    long counter =
        new BudgetPlans(transactions, new DatabaseRateCards(database.dataSource()))
            .plan(key.id(), "any", Instant.now())
            .counters()
            .getFirst()
            .counterId();
    transactions.run(connection ->
        Rows.change(connection, "update counter set settled = 9000000000 where id = ?", counter));
    assertThat(new BudgetAlerts(transactions).look()).anyMatch(alert -> alert.orgId() == org.id());
  }

  private static List<AlertErrand> take(Organisation org) {
    return outbox.take(100).stream().filter(errand -> errand.alert().orgId() == org.id()).toList();
  }

  private static void due(Organisation org) {
    transactions.run(connection ->
        Rows.change(
            connection,
            "update alert_delivery set next_at = clock_timestamp() where org_id = ?",
            org.id()));
  }

  private static AlertDelivery only(Organisation org) {
    return outbox.list(org, PageRequest.first(10)).items().getFirst();
  }

  @Test
  void tellsEveryTargetOnce() {
    Organisation org = tenant();
    targets.addWebhook(ACTOR, org, "https://example.com/a?b=c");
    targets.addEmail(ACTOR, org, "Li@Example.com");
    alert(org);
    List<AlertErrand> errands = take(org);
    assertThat(errands)
        .extracting(errand -> errand.target().address())
        .containsExactlyInAnyOrder("https://example.com/a?b=c", "li@example.com");
    assertThat(errands)
        .allSatisfy(errand -> assertThat(errand.alert().percent()).isEqualTo(80))
        .filteredOn(errand -> errand.target().kind() == AlertTarget.Kind.WEBHOOK)
        .allSatisfy(errand -> assertThat(errand.secret()).startsWith("whsec_"));
    assertThat(take(org)).as("somebody is at it").isEmpty();
    errands.forEach(outbox::delivered);
    due(org);
    assertThat(take(org)).as("it was delivered").isEmpty();
    assertThat(outbox.list(org, PageRequest.first(10)).items())
        .allSatisfy(delivery -> assertThat(delivery.delivered()).isNotNull());
  }

  @Test
  void comesAgainUntilItIsGivenUp() {
    Organisation org = tenant();
    targets.addWebhook(ACTOR, org, "https://example.com/");
    alert(org);
    AlertErrand lost = take(org).getFirst();
    due(org); // as it becomes when whoever took it dies
    for (int attempt = 2; attempt <= AlertOutbox.MAX_ATTEMPTS; attempt++) {
      AlertErrand errand = take(org).getFirst();
      assertThat(errand.id()).isEqualTo(lost.id());
      assertThat(errand.attempt()).isEqualTo(attempt);
      assertThat(outbox.failed(errand, "It answered 500."))
          .isEqualTo(attempt == AlertOutbox.MAX_ATTEMPTS);
      due(org);
    }
    assertThat(take(org)).isEmpty();
    assertThat(only(org).failed()).isNotNull();
    assertThat(only(org).next()).isNull();
    assertThat(only(org).problem()).isEqualTo("It answered 500.");
  }

  @Test
  void givesEachErrandToOneOfManyServers() throws Exception {
    Organisation org = tenant();
    for (int i = 0; i < 10; i++) {
      targets.addWebhook(ACTOR, org, "https://example.com/" + i);
    }
    alert(org);
    List<Long> taken = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<List<AlertErrand>>> servers = Collections.nCopies(6, () -> outbox.take(3));
      for (int round = 0; round < 3; round++) {
        for (Future<List<AlertErrand>> errands : threads.invokeAll(servers)) {
          errands.get().stream()
              .filter(errand -> errand.alert().orgId() == org.id())
              .forEach(errand -> taken.add(errand.id()));
        }
      }
    }
    assertThat(taken).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void tellsRemovedTargetsNothing() {
    Organisation org = tenant();
    AlertTarget target = targets.addWebhook(ACTOR, org, "https://example.com/").target();
    alert(org);
    targets.remove(ACTOR, org, Long.toString(target.id()));
    assertThat(take(org)).isEmpty();
    assertThat(only(org).failed()).isNotNull();
    assertThatThrownBy(() -> targets.remove(ACTOR, org, Long.toString(target.id())))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> targets.remove(ACTOR, tenant(), "x"))
        .isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "ftp://example.com/",
        "https://",
        "https://li:secret@example.com/",
        "https://example.com/#x",
        "https://example.com/a b",
        "https://example.com:99999/",
        "file:///etc/passwd",
        "https://example.com/\r\nHost: other"
      })
  void refusesWhatIsNoUrl(String url) {
    Organisation org = tenant();
    assertThatThrownBy(() -> targets.addWebhook(ACTOR, org, url))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("URL");
  }
}
