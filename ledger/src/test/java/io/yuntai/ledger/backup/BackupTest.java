package io.yuntai.ledger.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Backups of a real database, and what comes back from them. */
class BackupTest {
  private static final Progress SILENT = (_, _, _) -> {};

  @TempDir static Path folder;
  private static Path home;
  private static Database database;
  private static String key;

  @BeforeAll
  static void fillAHome() throws Exception {
    home = TestHomes.prepared(folder.resolve("source"));
    database = Database.open(DatabaseOptions.embedded(home));
    try (ApiKeys keys = new ApiKeys(database.dataSource(), Pepper.of(home, new SecureRandom()))) {
      key = keys.create("läptop \\N", null).key();
      keys.revoke(keys.create("old", null).id());
    }
    execute(
        database,
        "insert into org (name, currency, billing) values ('acme', 'EUR', 'prepaid')",
        "insert into project (org_id, name) select id, 'web' from org where name = 'acme'",
        "insert into audit_event (org_id, actor, origin, action, target, detail)"
            + " select id, 'me', 'here', 'org.create', 'acme', E'a\\tb\\n\\\\.\\n' from org");
    Files.createDirectories(home.resolve("files/kept"));
    Files.writeString(home.resolve("files/kept/text"), "batch input");
    Files.createDirectories(home.resolve("models/big"));
    Files.writeString(home.resolve("models/big/model.gguf"), "can be pulled again");
    Files.createDirectories(home.resolve("packed/model"));
    Files.writeString(home.resolve("packed/model/packed-v2.weights"), "can be packed again");
    Files.writeString(home.resolve("yuntai.toml"), "# routes");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void allRowsAndFilesComeBackAndKeysAreTheSameKeys() throws Exception {
    Path backup = backup("whole");
    Path to = TestHomes.unused(folder.resolve("whole"));

    restore(backup, to);

    assertThat(to.resolve("files/kept/text")).hasContent("batch input");
    assertThat(to.resolve("yuntai.toml")).hasContent("# routes");
    assertThat(to.resolve("models")).doesNotExist();
    assertThat(to.resolve("packed")).doesNotExist();
    assertThat(to.resolve(RestoreMark.NAME)).doesNotExist();
    try (Database restored = Database.open(DatabaseOptions.embedded(to));
        ApiKeys keys = new ApiKeys(restored.dataSource(), Pepper.of(to, new SecureRandom()))) {
      assertThat(rows(restored)).isEqualTo(rows(database));
      assertThat(keys.authenticate(key))
          .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("läptop \\N"));
      // Numbers go on where they were, and rules for changes hold again.
      execute(
          restored, "insert into org (name, currency, billing) values ('next', 'CNY', 'postpaid')");
      assertThatThrownBy(() -> execute(restored, "delete from audit_event"))
          .hasMessageContaining("never changed");
    }
  }

  @Test
  void aBackupShowsOneInstantWhateverIsWrittenMeanwhile() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger written = new AtomicInteger();
    Path file = folder.resolve("instant.zip");
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try (Connection connection = database.dataSource().getConnection();
                  Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                do { // the two always have the same number of rows
                  for (String table : List.of("org", "project")) {
                    String name = "pair-" + written.get();
                    statement.execute(
                        table.equals("org")
                            ? "insert into org (name, currency, billing) values ('%s', 'USD', 'postpaid')"
                                .formatted(name)
                            : "insert into project (org_id, name) select id, '%s' from org where name = '%s'"
                                .formatted(name, name));
                  }
                  connection.commit();
                  begun.countDown();
                } while (written.incrementAndGet() < 300
                    && !Thread.currentThread().isInterrupted());
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    begun.await();
    Manifest manifest = write(file);
    writer.interrupt();
    writer.join();

    Map<String, Long> rows = new LinkedHashMap<>();
    manifest.tables().forEach(table -> rows.put(table.name(), table.rows()));
    // Before: 'default' and 'acme' with a project each.
    assertThat(rows.get("org")).isEqualTo(rows.get("project"));
  }

  @Test
  void aDamagedBackupIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path backup = backup("damage");
    byte[] good = Files.readAllBytes(backup);
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("BackupTest -Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    Path bad = folder.resolve("bad.zip");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged =
          random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int n = random.nextInt(3); n >= 0 && damaged.length > 0; n--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(bad, damaged);
      try (BackupReader reader = BackupReader.open(bad)) {
        reader.check(SILENT);
        // Times of entries and the like may change: what is restored may not.
        assertThat(reader.manifest().tables()).isEqualTo(manifest(backup).tables());
        assertThat(reader.manifest().files()).isEqualTo(manifest(backup).files());
      } catch (BackupException told) {
        assertThat(told).hasMessageContaining("backup");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(150);
  }

  @Test
  void whatAManifestNamesIsNotTrusted() throws Exception {
    Path backup = backup("names");
    for (Map.Entry<String, String> change :
        Map.of(
                "\"yuntai.toml\"", "\"../yuntai.toml\"",
                "\"files/kept/text\"", "\"postgres/text\"",
                "\"name\" : \"org\"", "\"name\" : \"org; drop table org\"",
                "\"format\" : 1", "\"format\" : 2",
                "\"schema\" : \"", "\"schema\" : \"0")
            .entrySet()) {
      Path changed = withManifest(backup, change.getKey(), change.getValue());
      Path to = TestHomes.unused(Files.createTempDirectory(folder, "names"));
      assertThatThrownBy(() -> restore(changed, to))
          .as(change.getValue())
          .isInstanceOf(BackupException.class);
      assertThat(to.resolve("yuntai.toml")).doesNotExist();
    }
  }

  @Test
  void aRestoreThatWasBrokenOffIsRunAgainAndAUsedHomeIsLeftAlone() throws Exception {
    Path backup = backup("again");
    Path to = TestHomes.prepared(folder.resolve("again"));

    assertThatThrownBy(() -> restore(backup, to))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("in use already");
    RestoreMark.set(to);
    restore(backup, to);
    assertThat(RestoreMark.isSet(to)).isFalse();
    try (Database restored = Database.open(DatabaseOptions.embedded(to))) {
      assertThat(rows(restored)).isEqualTo(rows(database));
    }
  }

  private static Path backup(String name) throws IOException {
    Path file = folder.resolve(name + ".zip");
    write(file);
    return file;
  }

  private static Manifest write(Path file) throws IOException {
    try (OutputStream to = Files.newOutputStream(file)) {
      return new BackupWriter(database, home, "test", Instant::now, SILENT).write(to);
    }
  }

  private static void restore(Path backup, Path to) throws IOException {
    try (BackupReader reader = BackupReader.open(backup)) {
      new Restore(to, DatabaseOptions.embedded(to), SILENT).run(reader);
    }
  }

  private static Manifest manifest(Path backup) {
    try (BackupReader reader = BackupReader.open(backup)) {
      return reader.manifest();
    }
  }

  private static Path withManifest(Path backup, String from, String to) throws IOException {
    Path changed = Files.createTempFile(folder, "changed", ".zip");
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(backup));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(changed))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        if (entry.getName().equals(Manifest.ENTRY)) {
          String json = new String(content, StandardCharsets.UTF_8);
          assertThat(json).contains(from);
          content = json.replace(from, to).getBytes(StandardCharsets.UTF_8);
        }
        // The part that is named otherwise is there under its other name, with the right bytes.
        out.putNextEntry(new ZipEntry(entry.getName().replace(unquoted(from), unquoted(to))));
        out.write(content);
        out.closeEntry();
      }
    }
    return changed;
  }

  private static String unquoted(String json) {
    return json.substring(json.lastIndexOf(' ') + 1).replace("\"", "");
  }

  /** All rows of all tables, in an order of their own. */
  private static Map<String, List<String>> rows(Database of) throws SQLException, IOException {
    Map<String, List<String>> all = new LinkedHashMap<>();
    try (Connection connection = of.dataSource().getConnection()) {
      for (Map.Entry<String, List<String>> table : Catalogue.tables(connection).entrySet()) {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("copy (select * from " + table.getKey() + ") to stdout", rows);
        List<String> lines =
            new ArrayList<>(rows.toString(StandardCharsets.UTF_8).lines().sorted().toList());
        all.put(table.getKey(), lines);
      }
    }
    return all;
  }

  private static void execute(Database in, String... statements) throws SQLException {
    try (Connection connection = in.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }
}
