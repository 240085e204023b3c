package io.yuntai.ledger.identity;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.Pepper;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Everything about who people are, in one database. */
public final class Identity {
  private final Transactions database;
  private final Sessions sessions;
  private final SignInLinks links;
  private final SignIn signIn;
  private final Account account;

  /**
   * In this database.
   *
   * @param clock for codes that change with time
   */
  public Identity(
      Transactions database,
      Pepper pepper,
      SecureRandom random,
      PasswordHashes hashes,
      SessionLimits limits,
      InstantSource clock) {
    Tokens tokens = new Tokens(pepper, random);
    Credentials credentials = new Credentials(tokens);
    this.database = database;
    this.sessions = new Sessions(database, tokens, limits);
    this.links = new SignInLinks(database, tokens);
    this.signIn = new SignIn(database, credentials, hashes, links, sessions, clock);
    this.account = new Account(database, tokens, credentials, hashes, sessions, clock);
  }

  /** Who is signed in. */
  public Sessions sessions() {
    return sessions;
  }

  /** Links that let somebody in once. */
  public SignInLinks links() {
    return links;
  }

  /** The ways in. */
  public SignIn signIn() {
    return signIn;
  }

  /** What people do with their own password and second factor. */
  public Account account() {
    return account;
  }

  /** Forgets what ended long ago. The audit log keeps who signed in. */
  public void tidy() {
    database.run(connection -> {
      Rows.change(
          connection,
          "delete from user_session where coalesce(ended_at, expires_at)"
              + " < clock_timestamp() - interval '30 days'");
      Rows.change(
          connection,
          "delete from sign_in_link where user_id is not null"
              + " and expires_at < clock_timestamp() - interval '30 days'");
      return Rows.change(
          connection,
          "delete from sign_in_guess where last_at < clock_timestamp() - interval '2 days'");
    });
  }
}
