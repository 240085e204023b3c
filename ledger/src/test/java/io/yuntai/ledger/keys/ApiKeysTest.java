package io.yuntai.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in a real database. */
class ApiKeysTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir static Path folder;
  private static Path home;
  private static Database database;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final InstantSource clock = now::get;
  private ApiKeys keys;

  @BeforeAll
  static void openDatabase() throws Exception {
    home = TestHomes.prepared(folder);
    database = Database.open(DatabaseOptions.embedded(home));
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  @BeforeEach
  void openKeys() {
    keys = newKeys(database);
  }

  @AfterEach
  void closeKeys() throws Exception {
    keys.close();
    execute("delete from api_key");
  }

  private ApiKeys newKeys(Database connected) {
    SecureRandom random = new SecureRandom();
    return new ApiKeys(
        new Transactions(connected.dataSource()), Pepper.of(home, random), random, clock);
  }

  @Test
  void acceptsAKeyThatWasMade() {
    CreatedKey created = keys.create("laptop", null);
    assertThat(created.key()).matches("yt-" + created.id() + "-[A-Za-z0-9_-]{43}");
    ApiKey key = keys.authenticate(created.key()).orElseThrow();
    assertThat(key.id()).isEqualTo(created.id()).isEqualTo(key.rootId());
    assertThat(key.name()).isEqualTo("laptop");
    assertThat(key.prefix()).isEqualTo("yt-" + created.id());
    assertThat(key.created()).isEqualTo(NOON);
    assertThat(key.expires()).isNull();
    assertThat(key.owner().organisation()).isEqualTo("default");
    assertThat(key.owner().project()).isEqualTo("default");
    assertThat(key.limits().scopes())
        .containsExactly(Scope.GENERATE, Scope.EMBED, Scope.FILES, Scope.METRICS);
    assertThat(newKeys(database).authenticate(created.key())).isPresent();
  }

  @Test
  void keepsNoKeyInTheDatabaseNorInText() throws Exception {
    CreatedKey created = keys.create("laptop", null);
    String secret = created.key().substring(created.key().length() - 43);
    assertThat(created.toString()).doesNotContain(secret);
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select k::text from api_key k")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).contains(created.id()).doesNotContain(secret);
    }
  }

  @Test
  void refusesEveryOtherText() {
    String key = keys.create("laptop", null).key();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      StringBuilder damaged = new StringBuilder(key);
      int at = random.nextInt(key.length());
      switch (random.nextInt(4)) {
        case 0 -> damaged.setCharAt(at, (char) random.nextInt(0x3000));
        case 1 -> damaged.deleteCharAt(at);
        case 2 -> damaged.insert(at, (char) random.nextInt(0x80));
        default -> damaged.setLength(at);
      }
      if (!damaged.toString().equals(key)) {
        assertThat(keys.authenticate(damaged.toString()))
            .as("seed %d: %s", seed, damaged)
            .isEmpty();
      }
    }
    assertThat(keys.authenticate("")).isEmpty();
    assertThat(keys.authenticate("\0")).isEmpty();
    assertThat(keys.authenticate("yt-".repeat(10_000_000))).isEmpty();
    assertThat(keys.authenticate(key)).isPresent();
  }

  @Test
  void refusesAKeyFromItsExpiryOn() {
    CreatedKey created = keys.create("guest", NOON.plusSeconds(60));
    now.set(NOON.plusSeconds(60).minusNanos(1));
    assertThat(keys.authenticate(created.key())).isPresent();
    now.set(NOON.plusSeconds(60));
    assertThat(keys.authenticate(created.key())).isEmpty();
  }

  @Test
  void refusesAnExpiryThatIsOver() {
    for (Instant expires : List.of(NOON, NOON.minusSeconds(1), Instant.MAX, Instant.MIN)) {
      assertThatThrownBy(() -> keys.create("late", expires))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("expiry");
    }
  }

  @Test
  void refusesARevokedKeyAtOnceAndForEver() {
    CreatedKey created = keys.create("laptop", null);
    CreatedKey other = keys.create("desk", null);
    assertThat(keys.authenticate(created.key())).isPresent();
    assertThat(keys.authenticate(other.key())).isPresent();
    assertThat(keys.revoke(created.id())).isTrue();
    assertThat(keys.authenticate(created.key())).isEmpty();
    now.set(NOON.plusSeconds(5));
    assertThat(keys.revoke(created.id())).as("again").isTrue();
    assertThat(keys.authenticate(created.key())).isEmpty();
    assertThat(keys.authenticate(other.key())).isPresent();
    assertThat(keys.list().getFirst().revoked()).isEqualTo(NOON);
    assertThat(keys.list().getLast().revoked()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nobodyskey12", "' or '1'='1", "a\0b", "云台"})
  void saysWhenThereIsNoSuchKeyToRevoke(String id) {
    CreatedKey created = keys.create("laptop", null);
    assertThat(keys.revoke(id)).isFalse();
    assertThat(keys.authenticate(created.key())).isPresent();
  }

  @Test
  void noticesARevocationByAnotherProcess() {
    CreatedKey created = keys.create("laptop", null);
    try (Database second = Database.connect(home).orElseThrow();
        ApiKeys elsewhere = newKeys(second)) {
      for (int i = 0; i < 3; i++) {
        CreatedKey key = i == 0 ? created : keys.create("laptop", null);
        assertThat(keys.authenticate(key.key())).isPresent();
        assertThat(elsewhere.authenticate(key.key())).isPresent();
        elsewhere.revoke(key.id());
        long returned = System.nanoTime();
        assertThat(elsewhere.authenticate(key.key())).isEmpty();
        await().until(() -> keys.authenticate(key.key()), Optional::isEmpty);
        // The bound is about requests that begin after it: the next one is such.
        await().until(() -> System.nanoTime() - returned > ApiKeys.REVOCATION_BOUND.toNanos());
        assertThat(keys.authenticate(key.key())).isEmpty();
      }
    }
  }

  @Test
  void noticesMoreRevocationsThanItReadsAtOnce() throws Exception {
    CreatedKey created = keys.create("laptop", null);
    assertThat(keys.authenticate(created.key())).isPresent();
    execute(
        "insert into api_key (org_id, project_id, scopes, public_id, name, hmac, created_at,"
            + " revoked_at, change_number)"
            + " select 1, 1, '{generate}', 'bulk' || lpad(n::text, 8, '0'), 'x', sha256('x'), now(), now(),"
            + "   (select last_number from api_key_change) + n"
            + " from generate_series(1, 3000) n");
    execute("update api_key_change set last_number = last_number + 3001");
    execute(
        "update api_key set revoked_at = now(),"
            + " change_number = (select last_number from api_key_change)"
            + " where public_id = '"
            + created.id()
            + "'");
    await().until(() -> keys.authenticate(created.key()), Optional::isEmpty);
  }

  @Test
  void acceptsAThousandRequestsAtOnce() throws Exception {
    List<CreatedKey> created = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      created.add(keys.create("key " + i, null));
    }
    CreatedKey revoked = created.removeLast();
    keys.revoke(revoked.id());
    List<Callable<Boolean>> requests = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String good = created.get(i % created.size()).key();
      String bad = i % 2 == 0 ? revoked.key() : KeyText.random(new SecureRandom()).text();
      boolean isGood = i % 3 != 0;
      requests.add(() -> keys.authenticate(isGood ? good : bad).isPresent() == isGood);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> right : threads.invokeAll(requests)) {
        assertThat(right.get()).isTrue();
      }
    }
  }

  @Test
  void neverAcceptsAKeyWhoseRevocationRacesWithItsLoading() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 30; round++) {
        CreatedKey created = keys.create("racer", null);
        List<Callable<Boolean>> together = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          together.add(() -> keys.authenticate(created.key()).isPresent());
        }
        together.add(4, () -> keys.revoke(created.id()));
        for (Future<Boolean> done : threads.invokeAll(together)) {
          assertThat(done.get()).isNotNull();
        }
        assertThat(keys.authenticate(created.key())).isEmpty();
      }
    }
  }

  @Test
  void writesDownWhenAKeyWasUsed() {
    CreatedKey created = keys.create("laptop", null);
    keys.authenticate(created.key());
    assertThat(keys.list().getFirst().lastUsed()).isNull();
    now.set(NOON.plusSeconds(90));
    keys.authenticate(created.key());
    await().until(() -> NOON.plusSeconds(90).equals(keys.list().getFirst().lastUsed()));
    now.set(NOON.plusSeconds(100));
    keys.authenticate(created.key());
    keys.close();
    assertThat(keys.list().getFirst().lastUsed()).isEqualTo(NOON.plusSeconds(100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'); drop table api_key; --",
        "Robert'); delete from api_key where ('1'='1",
        "$1 ? :name {call} %s \\",
        "云台 🔑 ключ",
        "\"quoted\""
      })
  void takesNamesAsTheyAre(String name) {
    CreatedKey created = keys.create(name, null);
    assertThat(created.name()).isEqualTo(name);
    assertThat(keys.list()).extracting(ApiKey::name).containsExactly(name);
    assertThat(keys.authenticate(created.key()).orElseThrow().name()).isEqualTo(name);
  }

  @Test
  void takesNamesOfUpTo128Characters() {
    assertThat(keys.create("🔑".repeat(128), null).name()).hasSize(256);
    for (String name :
        List.of("", "  ", "x".repeat(129), "a\nb", "a\0b", "\u202eevil", "\ud800", "a\u2028b")) {
      assertThatThrownBy(() -> keys.create(name, null))
          .as(name)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("name");
    }
  }

  @Test
  void refusesAnotherPepper() {
    SecureRandom random = new SecureRandom();
    Pepper other = Pepper.of(folder.resolve("elsewhere"), random);
    assertThatThrownBy(() -> new ApiKeys(database.dataSource(), other))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("another pepper");
  }

  @Test
  void makesOnePepperThatOnlyItsOwnerReads() throws Exception {
    Path fresh = folder.resolve("fresh");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<byte[]>> together = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        together.add(() -> Pepper.of(fresh, new SecureRandom()).hmac("x"));
      }
      byte[] first = Pepper.of(fresh, new SecureRandom()).hmac("x");
      for (Future<byte[]> hmac : threads.invokeAll(together)) {
        assertThat(hmac.get()).isEqualTo(first);
      }
    }
    Path file = fresh.resolve("keys/pepper");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.write(file, new byte[31]);
    assertThatThrownBy(() -> Pepper.of(fresh, new SecureRandom()))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("31 bytes");
  }

  @Test
  void saysWhenTheDatabaseIsGone() {
    CreatedKey created = keys.create("laptop", null);
    ApiKeys elsewhere;
    try (Database second = Database.connect(home).orElseThrow()) {
      elsewhere = newKeys(second);
    }
    assertThatThrownBy(() -> elsewhere.authenticate(created.key()))
        .isInstanceOf(DatabaseException.class)
        .message()
        .doesNotContain(created.key());
  }

  private static void execute(String sql) throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
