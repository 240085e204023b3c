package io.yuntai.ledger.keys;

import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The server's secret under which keys are hashed: who steals the database alone can't even test a
 * guess.
 */
public final class Pepper {
  private Pepper() {}

  /**
   * Reads the pepper of this home, and makes it first if there is none (a file of 32 random bytes
   * that only its owner may read).
   *
   * @throws io.yuntai.ledger.database.DatabaseException when it can't be read or has another size
   */
  public static Pepper of(Path home, SecureRandom random) {
    throw new UnsupportedOperationException("not written yet " + home + random);
  }
}
