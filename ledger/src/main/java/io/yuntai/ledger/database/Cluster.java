package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** The embedded server's files: made once, whole or not at all. */
final class Cluster {
  static final String USER = "yuntai";

  /**
   * The database that every cluster has. The server is ours alone, so another would add nothing.
   */
  static final String DATABASE = "postgres";

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private Cluster() {}

  /** The user's password, made at the first start. */
  static String password(ServerHome home) throws IOException {
    if (!Files.exists(home.password())) {
      if (Files.exists(home.data())) {
        throw new DatabaseException(
            "The password of the embedded database is missing: restore the file "
                + home.password()
                + " from a backup.");
      }
      byte[] secret = new byte[32];
      new SecureRandom().nextBytes(secret);
      home.writePrivate(
          home.password(), Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
    }
    return Files.readString(home.password()).strip();
  }

  /** Makes the cluster unless it is there. Only under the lock. */
  static void ensure(ServerHome home, Launcher launcher, String password) throws IOException {
    if (Files.exists(home.data())) {
      launcher.handOverTree(home.data());
      return;
    }
    Path folder = home.createTemporaryFolder(home.data().getFileName().toString());
    Path passwordCopy = Files.createTempFile(home.root(), "password.new-", "");
    try {
      Files.writeString(passwordCopy, password + "\n");
      launcher.handOver(passwordCopy);
      launcher.handOver(folder);
      Commands.Outcome outcome =
          Commands.run(launcher.command(initdb(home, folder, passwordCopy)), TIMEOUT);
      if (!outcome.succeeded()) {
        throw StartFailure.of(home, "PostgreSQL's initdb", outcome.output());
      }
      Files.move(folder, home.data(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(passwordCopy);
      ServerHome.deleteTree(folder);
    }
  }

  /**
   * Text sorts by code point (the built-in C.UTF-8): the same on every machine, and no update of a
   * system library ever invalidates an index.
   */
  private static List<String> initdb(ServerHome home, Path folder, Path passwordFile) {
    return List.of(
        home.binaries().resolve("bin/initdb").toString(),
        "--pgdata=" + folder,
        "--username=" + USER,
        "--pwfile=" + passwordFile,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions");
  }
}
