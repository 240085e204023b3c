package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseOptionsTest {
  private static final Path HOME = Path.of("home");
  private static final String URL = "postgresql://me:secret@db.example:5432/cloud";

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
}
