package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database of real processes that are killed, and that come at the same time. */
class KilledProcessTest {
  @TempDir Path folder;

  @Test
  void keepsWhatWasCommittedBeforeItsProcessWasKilled() throws Exception {
    Path home = TestHomes.prepared(folder);
    for (int round = 1; round <= 2; round++) {
      try (DatabaseProcess process = DatabaseProcess.start(home)) {
        assertThat(process.says()).isEqualTo("ready");
        process.run("create table if not exists thing (n int)");
        process.run("insert into thing values (" + round + ")");
        process.kill();
      }
      // At once: the server left behind may still be running.
      try (Database database = Database.open(DatabaseOptions.embedded(home))) {
        assertThat(Sql.run(database, "select count(*) from thing"))
            .isEqualTo(Integer.toString(round));
      }
      assertThat(TestHomes.processes(home)).isEmpty();
    }
  }

  @Test
  void endsItsServerWhenItIsKilled() throws Exception {
    Path home = TestHomes.prepared(folder);
    boolean asked = Launcher.choose(new ServerHome(home)).prefix().contains("--pdeathsig");
    try (DatabaseProcess process = DatabaseProcess.start(home)) {
      assertThat(process.says()).isEqualTo("ready");
      process.kill();
    }
    if (!asked) { // then the next start ends it
      Database.open(DatabaseOptions.embedded(home)).close();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(TestHomes.processes(home)).isEmpty());
  }

  @Test
  void endsAServerThatAnotherProcessLeftBehind() throws Exception {
    Path home = TestHomes.prepared(folder);
    ServerHome files = new ServerHome(home);
    List<String> launch = new ArrayList<>(Launcher.choose(files).prefix());
    launch.removeAll(List.of("setpriv", "--pdeathsig", "INT"));
    launch.addAll(
        List.of(
            files.binaries().resolve("bin/postgres").toString(),
            "-D",
            files.data().toString(),
            "-p",
            Integer.toString(Ports.free(new java.util.Random())),
            "-c",
            "unix_socket_directories="));
    Process left = Commands.builder(launch).start();
    try {
      await().until(() -> Files.exists(files.data().resolve("postmaster.pid")));
      try (Database database = Database.open(DatabaseOptions.embedded(home))) {
        assertThat(left.isAlive()).isFalse();
        assertThat(Sql.run(database, "select 1")).isEqualTo("1");
      }
    } finally {
      left.destroyForcibly();
    }
  }

  @Test
  void startsAlthoughAStrangerHasTheIdOfTheKilledServer() throws Exception {
    Path home = TestHomes.prepared(folder);
    Path pidFile = new ServerHome(home).data().resolve("postmaster.pid");
    Files.writeString(pidFile, ProcessHandle.current().parent().orElseThrow().pid() + "\n/x\n1\n");
    try (Database database = Database.open(DatabaseOptions.embedded(home))) {
      assertThat(Sql.run(database, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void letsOneOfTwoProcessesInThatStartAtOnce() throws Exception {
    Path home = TestHomes.prepared(folder);
    try (DatabaseProcess first = DatabaseProcess.start(home);
        DatabaseProcess second = DatabaseProcess.start(home)) {
      String firstSays = first.says();
      String secondSays = second.says();
      boolean firstWon = "ready".equals(firstSays);
      DatabaseProcess winner = firstWon ? first : second;
      assertThat(firstWon ? firstSays : secondSays).isEqualTo("ready");
      assertThat(firstWon ? secondSays : firstSays)
          .startsWith("failed Another Yuntai (process " + winner.pid() + ")");
      assertThat(winner.run("select 1")).isEqualTo("ok 1");
      assertThat(winner.stop()).isZero();
    }
    assertThat(TestHomes.processes(home)).isEmpty();
  }
}
