package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts in homes and on machines where something is wrong. */
class DamagedHomeTest {
  @TempDir Path folder;

  @Test
  void startsAgainAfterAFirstStartThatWasKilledHalfWay() throws Exception {
    Path home = folder.resolve("home");
    ServerHome files = new ServerHome(home);
    files.createRoot();
    Files.createDirectories(files.root().resolve("18.6.0.new-123/bin"));
    Files.writeString(files.root().resolve("18.6.0.new-123/bin/postgres"), "half");
    Files.createDirectories(files.root().resolve("data-18.new-456/base"));
    Files.writeString(files.root().resolve("password.new-789"), "x");
    Files.createDirectories(files.binaries().resolve("bin")); // and somebody's half copy
    Files.writeString(files.binaries().resolve("bin/postgres"), "half");

    try (Database database = Database.open(DatabaseOptions.embedded(home))) {
      assertThat(database.serverVersion()).isEqualTo("18.6");
      assertThat(database.description()).startsWith("PostgreSQL 18.6, embedded, 127.0.0.1:");
      Sql.run(database, "create table thing as select '云台' as name");
    }
    try (Database database = Database.open(DatabaseOptions.embedded(home))) {
      assertThat(Sql.run(database, "select name from thing")).isEqualTo("云台");
    }
    try (var left = Files.list(files.root())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .doesNotContain("18.6.0.new-123", "data-18.new-456", "password.new-789");
    }
  }

  @Test
  void unpacksProgramsAgainThatLostAFile() throws Exception {
    Path home = TestHomes.prepared(folder);
    Path binaries = new ServerHome(home).binaries();
    Files.delete(binaries.resolve("lib/libz.so.1"));
    Path timezone = binaries.resolve("share/postgresql/timezonesets/Default");
    Files.delete(timezone);
    assertThat(PostgresBinaries.whole(binaries)).isFalse();

    open(home);

    assertThat(PostgresBinaries.whole(binaries)).isTrue();
  }

  @Test
  void saysWhatPostgresSaidWhenItDoesNotStart() throws Exception {
    Path home = TestHomes.prepared(folder);
    Files.writeString(new ServerHome(home).data().resolve("postgresql.conf"), "nonsense = 1\n");
    assertThatThrownBy(() -> open(home))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("unrecognized configuration parameter \"nonsense\"")
        .hasMessageContaining(new ServerHome(home).log().toString())
        .message()
        .hasLineCount(1);
    assertThat(TestHomes.processes(home)).isEmpty();
  }

  @Test
  void saysThatThePasswordIsMissing() throws Exception {
    Path home = TestHomes.prepared(folder);
    Path password = new ServerHome(home).password();
    Files.delete(password);
    assertThatThrownBy(() -> open(home))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining(password.toString());
  }

  @Test
  void saysThatAHomeCannotBeAFile() throws Exception {
    Path home = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> open(home))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining(home + " is a file, not a folder");
  }

  @Test
  void takesAnotherPortWhenSomebodyWasQuicker() throws Exception {
    Path home = TestHomes.prepared(folder);
    ServerHome files = new ServerHome(home);
    Launcher launcher = Launcher.choose(files);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int free = Ports.free(new Random(1));
      Deque<Integer> offers =
          new ArrayDeque<>(List.of(taken.getLocalPort(), taken.getLocalPort(), free));
      PostgresServer server =
          PostgresServer.start(files, launcher, offers::removeFirst, Duration.ofSeconds(60));
      try {
        assertThat(server.port()).isEqualTo(free);
      } finally {
        server.stop();
      }
    }
  }

  @Test
  void givesUpWhenEveryPortIsTaken() throws Exception {
    Path home = TestHomes.prepared(folder);
    ServerHome files = new ServerHome(home);
    Launcher launcher = Launcher.choose(files);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() ->
              PostgresServer.start(files, launcher, taken::getLocalPort, Duration.ofSeconds(60)))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("Address already in use");
    }
    assertThat(TestHomes.processes(home)).isEmpty();
  }

  @Test
  void runsAsAnotherUserWhereRootMayNotMakeNamespaces() throws Exception {
    // A folder that every user may enter, which the one of the other tests is not.
    Path open = Files.createTempDirectory("yuntai-test-");
    try {
      ServerHome.setPermissions(open, "rwxr-xr-x");
      ServerHome files = new ServerHome(open.resolve("home"));
      files.createRoot();
      if (new UnixSystem().getUid() != 0) {
        assertThatThrownBy(() -> Launcher.asAnotherUser(files, 0)).hasMessageContaining("root");
        return;
      }
      TestHomes.linkPrograms(files);
      Launcher launcher = Launcher.asAnotherUser(files, 0);
      Cluster.ensure(files, launcher, Cluster.password(files));
      PostgresServer server =
          PostgresServer.start(
              files, launcher, () -> Ports.free(new Random(2)), Duration.ofSeconds(60));
      server.stop();
      assertThat(Files.getOwner(files.data())).isEqualTo(launcher.owner());
      assertThat(Launcher.choose(files)).as("stays with that user").isEqualTo(launcher);
      open(files.home());
    } finally {
      ServerHome.deleteTree(open);
    }
  }

  @Test
  void explainsWhenNoUserButRootMayEnterTheHome() throws Exception {
    ServerHome files = new ServerHome(folder.resolve("home"));
    files.createRoot();
    assertThatThrownBy(() -> Launcher.asAnotherUser(files, 0))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("PostgreSQL refuses to run as root")
        .hasMessageContaining("--home");
  }

  @Test
  void knowsTheArchiveOfEachPlatform() {
    assertThat(PostgresBinaries.archiveName("Linux", "amd64"))
        .isEqualTo("/postgres-linux-x86_64.txz");
    assertThat(PostgresBinaries.archiveName("Linux", "aarch64"))
        .isEqualTo("/postgres-linux-arm_64.txz");
    assertThat(PostgresBinaries.archiveName("Mac OS X", "aarch64"))
        .isEqualTo("/postgres-darwin-arm_64.txz");
  }

  @Test
  void saysThatTheDiskIsFullBeforeItWrites() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    assertThatThrownBy(() -> StartFailure.requireSpace(home, Long.MAX_VALUE))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining(home.toString())
        .hasMessageContaining("is full")
        .hasMessageContaining("--home");
  }

  @Test
  void saysThatTheDiskIsFullWhenWritingFails() {
    ServerHome files = new ServerHome(folder);
    String log = "FATAL:  could not write lock file \"postmaster.pid\": No space left on device";
    assertThat(StartFailure.of(files, "PostgreSQL", log)).hasMessageContaining("is full");
    assertThat(StartFailure.of(files, new IOException("/x: No space left on device")))
        .hasMessageContaining("is full");
  }

  @Test
  void refusesASmallDisk() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    // In namespaces of its own anybody may mount; where even that is forbidden there is no small
    // disk to be had, and the two tests above stand for it.
    String mount = "mount -t tmpfs -o size=$0 none " + disk + " && exec \"$@\"";
    List<String> world = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c");
    boolean possible;
    try {
      possible = new ProcessBuilder(join(world, mount, "1m", "true")).start().waitFor() == 0;
    } catch (IOException noUnshare) {
      possible = false;
    }
    if (possible) {
      try (DatabaseProcess process =
          DatabaseProcess.start(disk.resolve("home"), join(world, mount, "20m"))) {
        assertThat(process.says()).startsWith("failed The disk that holds").contains("is full");
      }
    }
  }

  private static String[] join(List<String> first, String... second) {
    return java.util.stream.Stream.concat(first.stream(), java.util.Arrays.stream(second))
        .toArray(String[]::new);
  }

  private static void open(Path home) throws Exception {
    try (Database database = Database.open(DatabaseOptions.embedded(home))) {
      assertThat(Sql.run(database, "select 1")).isEqualTo("1");
    }
  }
}
