package io.yuntai.ledger.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.Organisation.Status;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Organisations and what is theirs, in a real database. */
class TenancyTest {
  private static final Actor ACTOR = new Actor("operator", "local");
  private static final PageRequest ALL = PageRequest.first(PageRequest.MAX_LIMIT);

  @TempDir static Path folder;
  private static Database database;
  private static Transactions transactions;
  private static Tenancy tenancy;
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @BeforeAll
  static void open() throws Exception {
    database = Database.open(DatabaseOptions.embedded(TestHomes.prepared(folder)));
    transactions = new Transactions(database.dataSource());
    tenancy = new Tenancy(transactions);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static Organisation make() {
    return tenancy
        .organisations()
        .create(
            ACTOR,
            new NewOrganisation(
                "tenant-" + NUMBERS.incrementAndGet(),
                "T",
                "CNY",
                Billing.PREPAID,
                "Asia/Shanghai"));
  }

  private static void refused(ThrowingCallable call, Reason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(reason);
              assertThat(refusal.sentence()).matches("(?s).{10,300}[.?]");
            });
  }

  @Test
  void hasAnOrganisationOfItsOwnFromTheBeginning() {
    Organisation own = tenancy.organisations().find("default");
    assertThat(own.id()).isEqualTo(Organisation.DEFAULT_ID);
    assertThat(own.billing()).isEqualTo(Billing.POSTPAID);
    assertThat(tenancy.projects().find(own, "default").id()).isEqualTo(1);
    refused(
        () -> tenancy.organisations().delete(ACTOR, "default", ExpectedVersion.ANY),
        Reason.CONFLICT);
    refused(
        () ->
            tenancy
                .organisations()
                .change(ACTOR, "default", OrganisationChange.suspended(true), ExpectedVersion.ANY),
        Reason.CONFLICT);
  }

  @Test
  void makesChangesAndDeletesAnOrganisation() {
    Organisation made = make();
    assertThat(tenancy.organisations().find(made.name())).isEqualTo(made);
    assertThat(tenancy.projects().list(made, ALL).items())
        .extracting(Project::name)
        .containsExactly("default");
    Organisation changed =
        tenancy
            .organisations()
            .change(
                ACTOR,
                made.name(),
                new OrganisationChange("Acme", null, "Europe/Berlin", true, true, true),
                ExpectedVersion.of(1));
    assertThat(changed.status()).isEqualTo(Status.SUSPENDED);
    assertThat(changed.answersGoOn()).isTrue();
    assertThat(tenancy.organisations().find(made.name())).isEqualTo(changed);
    refused(
        () ->
            tenancy
                .organisations()
                .change(
                    ACTOR, made.name(), OrganisationChange.suspended(false), ExpectedVersion.of(1)),
        Reason.CHANGED);
    tenancy.organisations().delete(ACTOR, made.name(), ExpectedVersion.ANY);
    refused(() -> tenancy.organisations().find(made.name()), Reason.NOT_FOUND);
    assertThat(tenancy.organisations().find(made.id()).orElseThrow().status())
        .isEqualTo(Status.DELETED);
    Organisation again =
        tenancy
            .organisations()
            .create(ACTOR, new NewOrganisation(made.name(), "", "USD", Billing.POSTPAID, "UTC"));
    assertThat(again.id()).as("another one").isNotEqualTo(made.id());
  }

  @Test
  void refusesANameThatIsTaken() {
    Organisation made = make();
    refused(
        () ->
            tenancy
                .organisations()
                .create(ACTOR, new NewOrganisation(made.name(), "", "CNY", Billing.PREPAID, "UTC")),
        Reason.EXISTS);
    refused(() -> tenancy.projects().create(ACTOR, made, "default", ""), Reason.EXISTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "A", "a b", "a/b", "ä", "a\0b", "../x", "a.b"})
  void refusesANameThatIsNone(String name) {
    refused(
        () ->
            tenancy
                .organisations()
                .create(ACTOR, new NewOrganisation(name, "", "CNY", Billing.PREPAID, "UTC")),
        Reason.INVALID);
    refused(() -> tenancy.organisations().find(name), Reason.NOT_FOUND);
    refused(() -> tenancy.projects().find(make(), name), Reason.NOT_FOUND);
    refused(() -> tenancy.members().find(make(), name), Reason.NOT_FOUND);
  }

  @Test
  void refusesACurrencyAndATimeZoneThatAreNone() {
    for (String currency : List.of("", "XXX", "ZZZ", "yuan", "C\0Y")) {
      refused(
          () ->
              tenancy
                  .organisations()
                  .create(ACTOR, new NewOrganisation("x", "", currency, Billing.PREPAID, "UTC")),
          Reason.INVALID);
    }
    for (String zone : List.of("", "Mars/Olympus", "a\0b")) {
      refused(
          () ->
              tenancy
                  .organisations()
                  .create(ACTOR, new NewOrganisation("x", "", "CNY", Billing.PREPAID, zone)),
          Reason.INVALID);
    }
  }

  @Test
  void keepsMembersAndTheLastOwner() {
    Organisation org = make();
    Member owner = tenancy.members().add(ACTOR, org, "Li@Example.com", "Li", Role.OWNER);
    assertThat(owner.email()).isEqualTo("li@example.com");
    refused(
        () -> tenancy.members().add(ACTOR, org, "li@example.com", "", Role.ADMIN), Reason.EXISTS);
    refused(
        () -> tenancy.members().remove(ACTOR, org, "li@example.com", ExpectedVersion.ANY),
        Reason.CONFLICT);
    refused(
        () ->
            tenancy.members().change(ACTOR, org, "li@example.com", Role.ADMIN, ExpectedVersion.ANY),
        Reason.CONFLICT);
    tenancy.members().add(ACTOR, org, "wu@example.com", "Wu", Role.OWNER);
    tenancy.members().remove(ACTOR, org, "li@example.com", ExpectedVersion.ANY);
    assertThat(tenancy.members().list(org, ALL).items())
        .extracting(Member::email)
        .containsExactly("wu@example.com");
    Member back = tenancy.members().add(ACTOR, org, "li@example.com", "", Role.AUDITOR);
    assertThat(back.userId()).isEqualTo(owner.userId());
    assertThat(back.role()).isEqualTo(Role.AUDITOR);
    Organisation other = make();
    assertThat(tenancy.members().add(ACTOR, other, "li@example.com", "", Role.OWNER).userId())
        .as("one person in two organisations")
        .isEqualTo(owner.userId());
  }

  @Test
  void cutsListsIntoPages() {
    Organisation org = make();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      names.add(tenancy.projects().create(ACTOR, org, "p" + i, "").name());
    }
    List<String> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<Project> page = tenancy.projects().list(org, new PageRequest(cursor, 3));
      page.items().forEach(project -> seen.add(project.name()));
      cursor = page.next();
    } while (cursor.isPresent());
    names.addFirst("default");
    assertThat(seen).containsExactlyElementsOf(names);
    refused(
        () -> tenancy.audit().of(org.id(), new PageRequest(Optional.of("x'--"), 3)),
        Reason.INVALID);
    refused(() -> PageRequest.first(0), Reason.INVALID);
  }

  @Test
  void writesDownWhoDidWhatAndNeverForgets() {
    Organisation org = make();
    Actor li = new Actor("key:abc", "203.0.113.7");
    tenancy.projects().create(li, org, "web", "Web");
    tenancy.projects().rename(li, org, "web", "Web shop", ExpectedVersion.of(1));
    tenancy.projects().delete(li, org, "web", ExpectedVersion.ANY);
    List<AuditEvent> events = tenancy.audit().of(org.id(), ALL).items();
    assertThat(events)
        .extracting(AuditEvent::action)
        .containsExactly(
            "project.delete",
            "project.change",
            "project.create",
            "project.create",
            "tenant.create");
    AuditEvent change = events.get(1);
    assertThat(change.actor()).isEqualTo("key:abc");
    assertThat(change.origin()).isEqualTo("203.0.113.7");
    assertThat(change.target()).isEqualTo("project:web");
    assertThat(change.beforeSha256()).isEqualTo(events.get(2).afterSha256()).hasSize(64);
    assertThat(change.afterSha256()).isEqualTo(events.get(0).beforeSha256());
    for (String sql :
        List.of(
            "update audit_event set actor = 'me'",
            "delete from audit_event",
            "truncate audit_event")) {
      assertThatThrownBy(() -> transactions.run(connection -> Rows.change(connection, sql)))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("never changed");
    }
  }

  @Test
  void leavesNothingOfAChangeThatFails() {
    Organisation org = make();
    assertThatThrownBy(() ->
            transactions.run(connection -> {
              tenancy.projects().create(ACTOR, org, "half", "");
              throw new IllegalStateException("crash");
            }))
        .isInstanceOf(IllegalStateException.class);
    refused(() -> tenancy.projects().find(org, "half"), Reason.NOT_FOUND);
    assertThat(tenancy.audit().of(org.id(), ALL).items()).hasSize(2);
  }

  @Test
  void showsATenantNoRowOfAnother() {
    Organisation ours = make();
    Organisation theirs = make();
    for (Organisation org : List.of(ours, theirs)) {
      Project project = tenancy.projects().create(ACTOR, org, "web", "");
      tenancy.members().add(ACTOR, org, "o" + org.id() + "@example.com", "", Role.OWNER);
      tenancy.serviceAccounts().create(ACTOR, org, "ci", project, Role.DEVELOPER);
    }
    List<String> tables = tablesOfTenants();
    assertThat(tables).contains("project", "membership", "api_key", "budget", "audit_event");
    for (String table : tables) {
      String others = "select count(*) from " + table + " where org_id <> " + ours.id();
      assertThat(seenBy(ours, others)).as(table).isZero();
    }
    assertThat(seenBy(ours, "select count(*) from project")).isEqualTo(2);
    assertThat(seenBy(ours, "select count(*) from org")).isEqualTo(1);
    assertThat(seenBy(ours, "select count(*) from app_user")).isEqualTo(1);
    String change = "update project set title = 'mine' where org_id = " + theirs.id();
    int changed = transactions.runFor(ours.id(), c -> Rows.change(c, change));
    assertThat(changed).isZero();
    assertThatThrownBy(() ->
            transactions.runFor(
                ours.id(),
                c ->
                    Rows.change(
                        c,
                        "insert into project (org_id, name) values (?, 'intruder')",
                        theirs.id())))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("row-level security");
    assertThatThrownBy(
            () -> transactions.runFor(ours.id(), c -> Rows.change(c, "delete from project")))
        .hasMessageContaining("permission denied");
  }

  private static long seenBy(Organisation org, String sql) {
    return transactions.runFor(
        org.id(), c -> Rows.first(c, sql, row -> row.getLong(1)).orElseThrow());
  }

  private static List<String> tablesOfTenants() {
    return transactions.run(connection ->
        Rows.list(
            connection,
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
                + " where a.attname = 'org_id' and c.relkind in ('r', 'p') and not c.relispartition"
                + " and has_table_privilege('yuntai_tenant', c.oid, 'select')",
            row -> row.getString(1)));
  }

  @Test
  void shieldsEveryTableThatATenantMayRead() {
    List<String> bare =
        transactions.run(connection ->
            Rows.list(
                connection,
                "select relname from pg_class where relkind in ('r', 'p') and not relrowsecurity"
                    + " and relname not in ('plan_change', 'api_key_change')"
                    + " and relnamespace = current_schema()::regnamespace"
                    + " and has_table_privilege('yuntai_tenant', oid, 'select')",
                row -> row.getString(1)));
    assertThat(bare).isEmpty();
  }

  @Test
  void letsNoRowReferToAnotherTenantsRow() {
    List<String> loose =
        transactions.run(connection ->
            Rows.list(
                connection,
                """
                select f.conrelid::regclass || ' -> ' || f.confrelid::regclass
                from pg_constraint f
                  join pg_attribute ours on ours.attrelid = f.conrelid and ours.attname = 'org_id'
                  join pg_attribute theirs on theirs.attrelid = f.confrelid and theirs.attname = 'org_id'
                where f.contype = 'f'
                  and not exists (select from generate_subscripts(f.conkey, 1) i
                    where f.conkey[i] = ours.attnum and f.confkey[i] = theirs.attnum)
                  and f.conrelid::regclass::text not in ('lease', 'counter_entry')\
                """,
                row -> row.getString(1)));
    assertThat(loose).isEmpty();
    Organisation ours = make();
    Organisation theirs = make();
    Project project = tenancy.projects().find(theirs, "default");
    assertThatThrownBy(() ->
            transactions.run(connection ->
                Rows.change(
                    connection,
                    "insert into service_account (org_id, project_id, name) values (?, ?, 'x')",
                    ours.id(),
                    project.id())))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("foreign key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "title", "status", "billing", "currency", "created"})
  void organisationsArePagedInAnOrderAndFiltered(String by) {
    String mark = "sorted" + NUMBERS.incrementAndGet();
    for (int i = 0; i < 7; i++) {
      Organisation made =
          tenancy
              .organisations()
              .create(
                  ACTOR,
                  new NewOrganisation(
                      mark + "-" + i,
                      "Zu. Ä " + (i * 5) % 7 / 2,
                      i % 2 == 0 ? "CNY" : "USD",
                      i % 3 == 0 ? Billing.PREPAID : Billing.POSTPAID,
                      "UTC"));
      if (i == 3) {
        tenancy
            .organisations()
            .change(ACTOR, made.name(), OrganisationChange.suspended(true), ExpectedVersion.ANY);
      }
    }
    OrganisationFilter marked =
        new OrganisationFilter(mark.toUpperCase(Locale.ROOT), Optional.empty(), Optional.empty());
    OrganisationSort rising = OrganisationSort.of(by).orElseThrow();
    OrganisationSort falling = OrganisationSort.of("-" + by).orElseThrow();
    List<String> up = names(marked, rising, 2);
    assertThat(up).hasSize(7).doesNotHaveDuplicates().isEqualTo(names(marked, rising, 100));
    assertThat(names(marked, falling, 3)).isEqualTo(up.reversed());
    assertThat(
            names(
                new OrganisationFilter(mark, Optional.of(Status.SUSPENDED), Optional.empty()),
                rising,
                2))
        .containsExactly(mark + "-3");
    assertThat(
            names(
                new OrganisationFilter(mark, Optional.empty(), Optional.of(Billing.PREPAID)),
                rising,
                2))
        .containsExactlyInAnyOrder(mark + "-0", mark + "-3", mark + "-6");
    refused(
        () ->
            tenancy
                .organisations()
                .list(marked, rising, new PageRequest(Optional.of("-" + by + ".a.b"), 2)),
        Reason.INVALID);
  }

  private static List<String> names(OrganisationFilter filter, OrganisationSort sort, int most) {
    List<String> names = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Page<Organisation> page =
          tenancy.organisations().list(filter, sort, new PageRequest(next, most));
      page.items().forEach(one -> names.add(one.name()));
      next = page.next();
    } while (next.isPresent());
    return names;
  }
}
