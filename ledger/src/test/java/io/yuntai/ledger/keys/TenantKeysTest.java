package io.yuntai.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.NewOrganisation;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.OrganisationChange;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.Tenancy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of tenants: their limits, their rotation, and what ends them. */
class TenantKeysTest {
  private static final Actor ACTOR = new Actor("operator", "local");
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir static Path folder;
  private static Path home;
  private static Database database;
  private static Transactions transactions;
  private static Tenancy tenancy;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final InstantSource clock = now::get;
  private final ApiKeys keys = open();

  @BeforeAll
  static void start() throws Exception {
    home = TestHomes.prepared(folder);
    database = Database.open(DatabaseOptions.embedded(home));
    transactions = new Transactions(database.dataSource());
    tenancy = new Tenancy(transactions);
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  private ApiKeys open() {
    SecureRandom random = new SecureRandom();
    return new ApiKeys(transactions, Pepper.of(home, random), random, clock);
  }

  private static Organisation make() {
    return tenancy
        .organisations()
        .create(
            ACTOR,
            new NewOrganisation(
                "tenant-" + NUMBERS.incrementAndGet(), "", "CNY", Billing.POSTPAID, "UTC"));
  }

  private static NewKey wanted(Organisation org, long user, long account) {
    return new NewKey(
        "ci",
        org.id(),
        tenancy.projects().find(org, "default").id(),
        user,
        account,
        Optional.empty(),
        List.of(new ModelPattern("qwen*")),
        List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8::/32")),
        null);
  }

  @Test
  void keepsWhatAKeyMayBeUsedFor() {
    Organisation org = make();
    CreatedKey created = keys.create(ACTOR, wanted(org, 0, 0));
    ApiKey key = keys.authenticate(created.key()).orElseThrow();
    assertThat(key.owner().organisation()).isEqualTo(org.name());
    assertThat(key.limits())
        .isEqualTo(
            new KeyLimits(
                EnumSet.of(Scope.GENERATE, Scope.EMBED, Scope.FILES),
                List.of(new ModelPattern("qwen*")),
                List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8::/32"))));
    assertThat(keys.find(org.id(), key.id())).isEqualTo(key);
    assertThat(keys.list(org.id(), PageRequest.first(10)).items()).containsExactly(key);
  }

  @Test
  void showsNoTenantAnothersKeys() {
    Organisation ours = make();
    CreatedKey theirs = keys.create(ACTOR, wanted(make(), 0, 0));
    assertThatThrownBy(() -> keys.find(ours.id(), theirs.id()))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> keys.revoke(ACTOR, ours.id(), theirs.id(), ExpectedVersion.ANY))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> keys.rotate(ACTOR, ours.id(), theirs.id(), Duration.ZERO))
        .isInstanceOf(RefusedException.class);
    assertThat(keys.authenticate(theirs.key())).isPresent();
  }

  @Test
  void refusesScopesThatAreTheOperatorsOnly() {
    Organisation org = make();
    NewKey key = wanted(org, 0, 0);
    for (Scope scope : List.of(Scope.OPERATOR, Scope.METRICS)) {
      NewKey tooMuch =
          new NewKey(
              "x",
              org.id(),
              key.projectId(),
              0,
              0,
              Optional.of(EnumSet.of(scope)),
              List.of(),
              List.of(),
              null);
      assertThatThrownBy(() -> keys.create(ACTOR, tooMuch)).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void rotatesAKeyWithAnOverlap() {
    Organisation org = make();
    CreatedKey old = keys.create(ACTOR, wanted(org, 0, 0));
    CreatedKey next = keys.rotate(ACTOR, org.id(), old.id(), Duration.ofHours(1));
    ApiKey key = keys.authenticate(next.key()).orElseThrow();
    assertThat(key.rootId()).isEqualTo(old.id());
    assertThat(key.limits().models()).containsExactly(new ModelPattern("qwen*"));
    assertThat(keys.authenticate(old.key())).isPresent();
    now.set(NOON.plus(Duration.ofHours(1)));
    assertThat(keys.authenticate(old.key())).isEmpty();
    assertThat(keys.authenticate(next.key())).isPresent();
    CreatedKey third = keys.rotate(ACTOR, org.id(), next.id(), Duration.ZERO);
    assertThat(keys.authenticate(next.key())).as("no overlap").isEmpty();
    assertThat(keys.authenticate(third.key()).orElseThrow().rootId()).isEqualTo(old.id());
    assertThatThrownBy(() -> keys.rotate(ACTOR, org.id(), old.id(), Duration.ZERO))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("does not work any more");
  }

  @Test
  void changesAKeyForEveryProcess() {
    Organisation org = make();
    CreatedKey created = keys.create(ACTOR, wanted(org, 0, 0));
    ApiKeys elsewhere = open();
    assertThat(elsewhere.authenticate(created.key())).isPresent();
    ApiKey changed =
        keys.change(
            ACTOR,
            org.id(),
            created.id(),
            new KeyChange("web", null, List.of(), null, new KeyChange.Expiry(NOON.plusSeconds(60))),
            ExpectedVersion.of(1));
    assertThat(changed.version()).isEqualTo(2);
    assertThat(keys.authenticate(created.key())).contains(changed);
    await().until(() -> elsewhere.authenticate(created.key()).equals(Optional.of(changed)));
    assertThatThrownBy(() ->
            keys.change(
                ACTOR,
                org.id(),
                created.id(),
                new KeyChange("late", null, null, null, null),
                ExpectedVersion.of(1)))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void endsWithItsTenantItsMemberAndItsServiceAccount() {
    Organisation org = make();
    long user = tenancy.members().add(ACTOR, org, "d@example.com", "", Role.DEVELOPER).userId();
    long account =
        tenancy
            .serviceAccounts()
            .create(ACTOR, org, "ci", tenancy.projects().find(org, "default"), Role.DEVELOPER)
            .id();
    CreatedKey members = keys.create(ACTOR, wanted(org, user, 0));
    CreatedKey accounts = keys.create(ACTOR, wanted(org, 0, account));
    CreatedKey plain = keys.create(ACTOR, wanted(org, 0, 0));
    assertThat(keys.authenticate(members.key()).orElseThrow().owner().role())
        .isEqualTo(Role.DEVELOPER);
    assertThat(keys.authenticate(accounts.key())).isPresent();
    assertThat(keys.authenticate(plain.key())).isPresent();
    tenancy.members().remove(ACTOR, org, "d@example.com", ExpectedVersion.ANY);
    await().until(() -> keys.authenticate(members.key()), Optional::isEmpty);
    tenancy.serviceAccounts().delete(ACTOR, org, "ci", ExpectedVersion.ANY);
    await().until(() -> keys.authenticate(accounts.key()), Optional::isEmpty);
    tenancy
        .organisations()
        .change(ACTOR, org.name(), OrganisationChange.suspended(true), ExpectedVersion.ANY);
    await().until(() -> keys.authenticate(plain.key()).orElseThrow().owner().suspended());
    tenancy.organisations().delete(ACTOR, org.name(), ExpectedVersion.ANY);
    await().until(() -> keys.authenticate(plain.key()), Optional::isEmpty);
  }

  @Test
  void keepsAnswersSealed() {
    SecureRandom random = new SecureRandom();
    Pepper pepper = Pepper.of(home, random);
    SealedAnswers answers = new SealedAnswers(transactions, pepper, random);
    byte[] body = "the secret of a new key".getBytes(StandardCharsets.UTF_8);
    assertThat(answers.take(ACTOR, "once")).isEmpty();
    answers.keep(ACTOR, "once", new SealedAnswers.Stored(new byte[32], 201, body));
    assertThat(answers.take(ACTOR, "once").orElseThrow().body()).isEqualTo(body);
    assertThat(answers.take(new Actor("key:other", "local"), "once")).isEmpty();
    byte[] sealed = pepper.seal(body, random);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    sealed[sealed.length - 1] ^= 1;
    assertThatThrownBy(() -> pepper.open(sealed)).hasMessageContaining("damaged");
    assertThatThrownBy(() -> pepper.open(new byte[3])).hasMessageContaining("damaged");
  }
}
