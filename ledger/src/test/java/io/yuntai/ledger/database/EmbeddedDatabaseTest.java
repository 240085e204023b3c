package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database from inside one process. */
class EmbeddedDatabaseTest {
  @TempDir Path folder;
  private Path home;

  @BeforeEach
  void prepare() throws IOException {
    home = TestHomes.prepared(folder);
  }

  @Test
  void isDurableAndChecksItsPages() throws Exception {
    try (Database database = open(home)) {
      for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        assertThat(Sql.run(database, "show " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(Sql.run(database, "show data_checksums")).isEqualTo("on");
      assertThat(Sql.run(database, "show server_encoding")).isEqualTo("UTF8");
      assertThat(Sql.run(database, "select 'Z' < 'a'")).isEqualTo("t");
    }
  }

  @Test
  void leavesNoProcessBehindWhenClosed() throws Exception {
    Database database = open(home);
    assertThat(TestHomes.processes(home)).isNotEmpty();
    database.close();
    assertThat(TestHomes.processes(home)).isEmpty();
    assertThat(Database.connect(home)).isEmpty();
  }

  @Test
  void stopsAtOnceAlthoughAStatementRuns() throws Exception {
    Database database = open(home);
    Thread asleep = Thread.startVirtualThread(() -> sleepInDatabase(database));
    await()
        .until(
            () ->
                Sql.run(
                    database, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"),
            "1"::equals);
    database.close();
    asleep.join();
    assertThat(TestHomes.processes(home)).isEmpty();
  }

  private static void sleepInDatabase(Database database) {
    assertThatThrownBy(() -> Sql.run(database, "select pg_sleep(1000)"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void keepsItsSecretsFromOtherUsers() throws Exception {
    try (Database _ = open(home);
        Stream<Path> files = Files.list(new ServerHome(home).root())) {
      for (Path file : files.toList()) {
        if (Files.isRegularFile(file) && Files.size(file) > 0) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void refusesWhoDoesNotKnowThePassword() throws Exception {
    try (Database database = open(home)) {
      int port = Integer.parseInt(Sql.run(database, "show port"));
      ServerAddress stranger = ServerAddress.embedded(port, "guess");
      assertThatThrownBy(() -> stranger.dataSource().getConnection())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      ServerAddress nobody =
          new ServerAddress("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "yuntai", null);
      assertThatThrownBy(() -> nobody.dataSource().getConnection())
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void isOpenedByOneOnly() throws Exception {
    try (Database database = open(home)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> open(home))
            .isInstanceOfSatisfying(
                DatabaseInUseException.class,
                busy -> assertThat(busy.holderPid()).isEqualTo(ProcessHandle.current().pid()))
            .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")")
            .hasMessageContaining(home.toString())
            .hasMessageContaining("--home");
      }
      assertThat(Sql.run(database, "select 1")).isEqualTo("1");
    }
    open(home).close();
  }

  @Test
  void isConnectedToWhileItRuns() throws Exception {
    assertThat(Database.connect(home)).isEmpty();
    try (Database database = open(home)) {
      try (Database second = Database.connect(home).orElseThrow();
          Database third = Database.connectOrOpen(options(home))) {
        assertThat(Sql.run(second, "show port")).isEqualTo(Sql.run(database, "show port"));
        assertThat(Sql.run(third, "show port")).isEqualTo(Sql.run(database, "show port"));
      }
      assertThat(Sql.run(database, "select 1")).isEqualTo("1");
    }
    try (Database own = Database.connectOrOpen(options(home))) {
      assertThat(Sql.run(own, "select 1")).isEqualTo("1");
    }
    assertThat(TestHomes.processes(home)).isEmpty();
  }

  @Test
  void comesBackWhenPostgresIsKilled() throws Exception {
    try (Database database = open(home)) {
      Sql.run(database, "create table thing as select 42 as n");
      String port = Sql.run(database, "show port");
      for (ProcessHandle process : TestHomes.processes(home)) {
        process.destroyForcibly();
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> Sql.run(database, "select n from thing"), "42"::equals);
      assertThat(Sql.run(database, "show port")).isEqualTo(port);
    }
    assertThat(TestHomes.processes(home)).isEmpty();
  }

  @Test
  void comesBackWhenOnlyItsMainProcessIsKilled() throws Exception {
    try (Database database = open(home)) {
      Sql.run(database, "create table thing as select 42 as n");
      String pid =
          Files.readAllLines(new ServerHome(home).data().resolve("postmaster.pid")).getFirst();
      ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> Sql.run(database, "select n from thing"), "42"::equals);
    }
    assertThat(TestHomes.processes(home)).isEmpty();
  }

  private static Database open(Path home) {
    return Database.open(options(home));
  }

  private static DatabaseOptions.Embedded options(Path home) {
    return DatabaseOptions.embedded(home);
  }
}
