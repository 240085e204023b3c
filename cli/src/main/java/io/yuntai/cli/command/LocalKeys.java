package io.yuntai.cli.command;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.server.HomeDirectory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.Function;

/** The keys of this machine's server, whether it runs or not. */
public final class LocalKeys {
  private LocalKeys() {}

  /** Does something with the keys of this home, and leaves their database as it was. */
  public static <T> T with(
      HomeDirectory home, Map<String, String> environment, Function<ApiKeys, T> work) {
    home.create();
    Path path = home.path();
    try (Database database = Database.connectOrOpen(DatabaseOptions.of(path, environment));
        ApiKeys keys = new ApiKeys(database.dataSource(), Pepper.of(path, new SecureRandom()))) {
      return work.apply(keys);
    }
  }
}
