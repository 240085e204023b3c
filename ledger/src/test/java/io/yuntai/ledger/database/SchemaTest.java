package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables and when Flyway is asked about them. */
class SchemaTest {
  @TempDir Path folder;

  @Test
  void knowsEveryMigration() throws Exception {
    URI migrations = Objects.requireNonNull(Schema.class.getResource("/db/migration/")).toURI();
    try (var files = Files.list(Path.of(migrations))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Schema.MIGRATIONS);
    }
  }

  @Test
  void migratesAgainOnlyWhenTheStampSaysSo() throws Exception {
    Path home = TestHomes.prepared(folder);
    try (Database database = open(home)) {
      assertThat(
              Sql.run(database, "select count(*) from flyway_schema_history where version = '1'"))
          .isEqualTo("1");
      Sql.run(database, "update schema_stamp set digest = 'of an older program'");
    }
    try (Database database = open(home)) {
      assertThat(Sql.run(database, "select length(digest) from schema_stamp")).isEqualTo("64");
    }
  }

  @Test
  void refusesTablesOfANewerProgram() throws Exception {
    Path home = TestHomes.prepared(folder);
    try (Database database = open(home)) {
      Sql.run(
          database,
          "insert into flyway_schema_history select 99, '99', 'later', type, 'V99__later.sql', 1,"
              + " installed_by, now(), 1, true from flyway_schema_history where version = '1'");
      Sql.run(database, "update schema_stamp set digest = 'of a newer program'");
      assertThatThrownBy(() -> Database.connect(home))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("another version");
    }
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> open(home))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("another version of Yuntai");
    }
    assertThat(TestHomes.processes(home)).isEmpty();
  }

  private static Database open(Path home) {
    return Database.open(DatabaseOptions.embedded(home));
  }
}
