package io.yuntai.ledger.identity;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Credentials.Stored;
import io.yuntai.ledger.identity.Guesses.Subject;
import io.yuntai.ledger.identity.Session.Method;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What people do with their own password and second factor while they are signed in. Safe for use
 * by many threads.
 */
public final class Account {
  private final Transactions database;
  private final Tokens tokens;
  private final Credentials credentials;
  private final PasswordHashes hashes;
  private final Sessions sessions;
  private final Guesses guesses;
  private final InstantSource clock;

  Account(
      Transactions database,
      Tokens tokens,
      Credentials credentials,
      PasswordHashes hashes,
      Sessions sessions,
      InstantSource clock) {
    this.database = database;
    this.tokens = tokens;
    this.credentials = credentials;
    this.hashes = hashes;
    this.sessions = sessions;
    this.guesses = new Guesses(database);
    this.clock = clock;
  }

  /**
   * What a person has.
   *
   * @param password whether there is one
   * @param secondFactor whether codes are asked for
   * @param recoveryCodes how many are left
   */
  public record Standing(boolean password, boolean secondFactor, int recoveryCodes) {}

  /** What the person of a session has. */
  public Standing standing(Session session) {
    return database.run(connection ->
        Rows.first(
                connection,
                "select password_hash is not null, factor_since is not null,"
                    + " (select count(*) from recovery_code r"
                    + "  where r.user_id = c.user_id and r.used_at is null)"
                    + " from credential c where user_id = ?",
                row -> new Standing(row.getBoolean(1), row.getBoolean(2), row.getInt(3)),
                session.userId())
            .orElse(new Standing(false, false, 0)));
  }

  /**
   * Sets a password. All other sessions of the person end, and this one goes on under a new token.
   *
   * @param current the password so far, where there is one and the session did not come by a link
   * @throws SignInException when the current one is wrong
   * @throws RefusedException when the new one can't be accepted
   */
  public OpenedSession setPassword(
      Session session, Visitor visitor, Optional<String> current, String next) {
    PasswordRules.check(next, session.email());
    Long vouched = session.scopeId();
    Optional<String> old =
        database.run(connection ->
            credentials
                .lock(connection, session.userId())
                .filter(stored -> stored.isKeptBy(vouched))
                .map(Stored::passwordHash));
    if (old.isPresent() && session.method() != Method.LINK) {
      List<Subject> tries = List.of(Subject.factor(session.userId()));
      guesses.take(tries);
      if (current.isEmpty() || !hashes.fits(current.get(), old.get())) {
        throw new SignInException(
            SignInException.Reason.WRONG_CREDENTIALS, "The current password is wrong.");
      }
      guesses.giveBack(tries);
    }
    String hash = hashes.hash(next);
    return database.run(connection -> {
      credentials.lockForChange(connection, session.userId(), vouched);
      Credentials.setPassword(connection, session.userId(), hash);
      OpenedSession opened =
          sessions.open(connection, visitor, session.userId(), vouched, session.method());
      Sessions.endOthers(connection, session.userId(), opened.session().id());
      Sessions.audit(
          connection, opened.session(), visitor, "password.change", opened.session().id());
      return opened;
    });
  }

  /**
   * What an app for second factors is given.
   *
   * @param secret in Base32, for typing
   * @param uri the same for a picture
   */
  public record FactorOffer(String secret, String uri) {}

  /**
   * Makes a secret for a second factor. It is asked for from when a first code has proven that the
   * app has it.
   *
   * @throws RefusedException when there is one already
   */
  public FactorOffer offerFactor(Session session) {
    return database.run(connection -> {
      Stored stored = credentials.lockForChange(connection, session.userId(), session.scopeId());
      if (stored.factorConfirmed()) {
        throw new RefusedException(
            Reason.CONFLICT, "", "There is a second factor already: remove that one first.");
      }
      byte[] secret = tokens.bytes(Totp.SECRET_BYTES);
      Rows.change(
          connection,
          "update credential set factor_secret = ?, factor_step = 0 where user_id = ?",
          tokens.seal(secret),
          session.userId());
      return new FactorOffer(Totp.base32(secret), Totp.uri(secret, session.email()));
    });
  }

  /**
   * Proves that the app has the secret; from now on codes are asked for.
   *
   * @return ten codes for when the app is lost, each good once; told this once
   * @throws SignInException when the code is wrong
   */
  public List<String> confirmFactor(Session session, Visitor visitor, String code) {
    return withCode(
        session,
        code,
        false,
        connection -> {
          Rows.change(
              connection,
              "update credential set factor_since = clock_timestamp() where user_id = ?",
              session.userId());
          Sessions.endOthers(connection, session.userId(), session.id());
          Sessions.audit(connection, session, visitor, "second_factor.add", session.id());
          return credentials.newRecoveryCodes(connection, session.userId());
        });
  }

  /**
   * Makes new recovery codes; the old ones are good no more.
   *
   * @throws SignInException when the code is wrong
   */
  public List<String> newRecoveryCodes(Session session, Visitor visitor, String code) {
    return withCode(
        session,
        code,
        true,
        connection -> {
          Sessions.audit(connection, session, visitor, "recovery_codes.change", session.id());
          return credentials.newRecoveryCodes(connection, session.userId());
        });
  }

  /**
   * Asks for no codes from now on.
   *
   * @throws SignInException when the code is wrong
   */
  public void removeFactor(Session session, Visitor visitor, String code) {
    boolean _ =
        withCode(
            session,
            code,
            true,
            connection -> {
              dropFactor(connection, session.userId());
              Sessions.audit(connection, session, visitor, "second_factor.remove", session.id());
              return true;
            });
  }

  private <T> T withCode(
      Session session, String code, boolean confirmed, Transactions.Work<T> work) {
    List<Subject> tries = List.of(Subject.factor(session.userId()));
    guesses.take(tries);
    return database.run(connection -> {
      Stored stored = credentials.lockForChange(connection, session.userId(), session.scopeId());
      if (stored.factorSecret() == null || stored.factorConfirmed() != confirmed) {
        throw new RefusedException(
            Reason.CONFLICT,
            "",
            confirmed
                ? "There is no second factor."
                : "There is no second factor to confirm: ask for one first.");
      }
      credentials.useCode(connection, stored, code, clock.instant());
      Guesses.forget(connection, tries);
      return work.on(connection);
    });
  }

  private static void dropFactor(Connection connection, long userId) throws SQLException {
    Rows.change(connection, "delete from recovery_code where user_id = ?", userId);
    Rows.change(
        connection,
        "update credential set factor_secret = null, factor_since = null, factor_step = 0"
            + " where user_id = ?",
        userId);
  }

  /** Takes the second factor from a member who has lost app and recovery codes: the operator's. */
  public void resetFactor(Actor actor, Organisation org, Member member) {
    database.run(connection -> {
      dropFactor(connection, member.userId());
      AuditLog.write(
          connection,
          org.id(),
          actor,
          "second_factor.reset",
          "member:" + member.email(),
          null,
          null);
      return true;
    });
  }
}
