package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Texts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * What was answered to changes that their senders named, so that one that is sent again is answered
 * again and not done again. An answer may hold a new key's text: it is sealed under the pepper.
 */
public final class SealedAnswers {
  /** How long an answer is kept. */
  public static final Duration KEPT = Duration.ofDays(1);

  private static final int MAX_NAME_CHARS = 200;

  private final Transactions database;
  private final Pepper pepper;
  private final SecureRandom random;

  /** In this database. */
  public SealedAnswers(Transactions database, Pepper pepper, SecureRandom random) {
    this.database = database;
    this.pepper = pepper;
    this.random = random;
  }

  /**
   * An answer that was given.
   *
   * @param requestSha256 32 bytes: of the request that it was given to
   * @param status of HTTP
   * @param body as it was written
   */
  public record Stored(byte[] requestSha256, int status, byte[] body) {}

  /**
   * Waits until nobody else works on a request of this name, for the rest of the transaction, and
   * returns the answer that was given to it.
   */
  public Optional<Stored> take(Actor actor, String name) {
    if (name.isEmpty()
        || name.length() > MAX_NAME_CHARS
        || !name.codePoints().allMatch(Texts::isPrintable)) {
      throw RefusedException.invalid(
          "Idempotency-Key",
          "An idempotency key has 1 to %d printable characters.".formatted(MAX_NAME_CHARS));
    }
    return database.run(connection -> {
      Rows.call(
          connection,
          "select pg_advisory_xact_lock(hashtextextended(? || chr(10) || ?, 7))",
          actor.name(),
          name);
      return Rows.first(
          connection,
          "select request_sha, status, answer from admin_request"
              + " where actor = ? and idempotency_key = ?"
              + " and at > clock_timestamp() - interval '1 day'",
          row -> new Stored(row.getBytes(1), row.getInt(2), pepper.open(row.getBytes(3))),
          actor.name(),
          name);
    });
  }

  /** Keeps an answer, and forgets those that are too old. */
  public void keep(Actor actor, String name, Stored answer) {
    database.run(connection -> {
      Rows.change(
          connection, "delete from admin_request where at <= clock_timestamp() - interval '1 day'");
      return Rows.change(
          connection,
          "insert into admin_request (actor, idempotency_key, request_sha, status, answer)"
              + " values (?, ?, ?, ?, ?)",
          actor.name(),
          name,
          answer.requestSha256(),
          answer.status(),
          pepper.seal(answer.body(), random));
    });
  }
}
