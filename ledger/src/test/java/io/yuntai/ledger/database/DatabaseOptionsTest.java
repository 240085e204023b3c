package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseOptionsTest {
  private static final Path HOME = Path.of("home");
  private static final String URL = "postgresql://me:secret@db.example:5432/cloud";
  private static final String OTHER = "postgresql://me:secret@db.example:5432/other";

  @Test
  void aHomeUsesItsEmbeddedServerUnlessTheEnvironmentNamesAnother() {
    assertThat(DatabaseOptions.of(HOME, Map.of())).isEqualTo(DatabaseOptions.embedded(HOME));
    assertThat(DatabaseOptions.of(HOME, Map.of("YUNTAI_DATABASE_URL", " ")))
        .isEqualTo(DatabaseOptions.embedded(HOME));
    assertThat(DatabaseOptions.of(HOME, Map.of("YUNTAI_DATABASE_URL", URL)))
        .isEqualTo(DatabaseOptions.external(URL))
        .asString()
        .doesNotContain("secret");
  }

  @Test
  void aCommandUsesTheExternalDatabaseOfTheServerThatRuns(@TempDir Path home) throws Exception {
    RunningDatabase.announce(home, DatabaseOptions.external(URL));
    assertThat(DatabaseOptions.of(home, Map.of())).isEqualTo(DatabaseOptions.external(URL));
    assertThat(DatabaseOptions.of(home, Map.of("YUNTAI_DATABASE_URL", OTHER)))
        .isEqualTo(DatabaseOptions.external(OTHER));
    assertThat(Files.getPosixFilePermissions(home.resolve("run/database")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    RunningDatabase.withdraw(home);
    assertThat(DatabaseOptions.of(home, Map.of())).isEqualTo(DatabaseOptions.embedded(home));
  }

  @Test
  void aServerUsesWhatItIsToldAndNotWhatAKilledOneHasLeft(@TempDir Path home) {
    RunningDatabase.announce(home, DatabaseOptions.external(URL));
    DatabaseOptions next = DatabaseOptions.named(home, Map.of());
    assertThat(next).isEqualTo(DatabaseOptions.embedded(home));

    RunningDatabase.announce(home, next);
    assertThat(DatabaseOptions.of(home, Map.of())).isEqualTo(DatabaseOptions.embedded(home));
  }
}
