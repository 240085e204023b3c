package io.yuntai.ledger.identity;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.ledger.identity.Tokens.Kind;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Links that let somebody in once. Safe for use by many threads. */
public final class SignInLinks {
  /** How long one is good. */
  public static final Duration GOOD_FOR = Duration.ofHours(24);

  /** The first owner's is printed to a terminal, whose text may be kept. */
  private static final Duration FIRST_GOOD_FOR = Duration.ofHours(1);

  private static final String NO_OWNER =
      "not exists (select from membership where org_id = 1 and role = 'owner' and removed_at is null)";

  private final Transactions database;
  private final Tokens tokens;

  SignInLinks(Transactions database, Tokens tokens) {
    this.database = database;
    this.tokens = tokens;
  }

  /** A link that is being used. */
  record Used(@Nullable Long userId, @Nullable Long orgId) {}

  /**
   * A link for whoever sets up this server, who becomes the owner of the tenant {@code default}.
   *
   * @return empty where there was one before, or there is an owner
   */
  public Optional<SignInLink> forFirstOwner() {
    return database.run(connection -> {
      lockOwners(connection);
      boolean first =
          Rows.first(
                  connection,
                  "select "
                      + NO_OWNER
                      + " and not exists (select from sign_in_link where user_id is null)",
                  row -> row.getBoolean(1))
              .orElse(false);
      return first
          ? Optional.of(make(connection, null, null, "", FIRST_GOOD_FOR))
          : Optional.empty();
    });
  }

  /**
   * Another such link, for who commands this machine.
   *
   * @throws RefusedException when there is an owner, to whom {@link #forMember} makes one
   */
  public SignInLink againForFirstOwner(Actor actor) {
    return database.run(connection -> {
      lockOwners(connection);
      boolean none =
          Rows.first(connection, "select " + NO_OWNER, row -> row.getBoolean(1)).orElse(false);
      if (!none) {
        throw new RefusedException(
            RefusedException.Reason.CONFLICT, "", "This server has an owner already.");
      }
      AuditLog.write(
          connection, Organisation.DEFAULT_ID, actor, "first_owner.link", "", null, null);
      return make(connection, null, null, "", FIRST_GOOD_FOR);
    });
  }

  /** Two who use links of a first owner at once come one after another. */
  private static void lockOwners(Connection connection) throws SQLException {
    Rows.call(connection, "select id from org where id = 1 for update");
  }

  /**
   * A link for a member.
   *
   * @param everywhere whether it opens all tenants that the person belongs to, which only the
   *     operator may give; else this one alone
   */
  public SignInLink forMember(Actor actor, Organisation org, Member member, boolean everywhere) {
    return database.run(connection -> {
      AuditLog.write(
          connection, org.id(), actor, "member.link", "member:" + member.email(), null, null);
      return make(
          connection, member.userId(), everywhere ? null : org.id(), member.email(), GOOD_FOR);
    });
  }

  private SignInLink make(
      Connection connection,
      @Nullable Long userId,
      @Nullable Long orgId,
      String email,
      Duration goodFor)
      throws SQLException {
    String token = tokens.make(Kind.LINK);
    return Rows.first(
            connection,
            "insert into sign_in_link (hmac, user_id, org_id, expires_at)"
                + " values (?, ?, ?, clock_timestamp() + make_interval(secs => ?)) returning expires_at",
            row -> new SignInLink(token, email, Rows.time(row, "expires_at")),
            tokens.hmac(Kind.LINK, token),
            userId,
            orgId,
            (double) goodFor.toSeconds())
        .orElseThrow();
  }

  /**
   * Whom a link lets in; it isn't used by asking.
   *
   * @return the e-mail address; empty for the first owner
   * @throws SignInException when it is good no more
   */
  public String ownerOf(String token) {
    return database.run(connection -> {
      Used used = find(connection, token, "");
      return used.userId() == null
          ? ""
          : Rows.first(
                  connection,
                  "select email from app_user where id = ?",
                  row -> row.getString(1),
                  used.userId())
              .orElseThrow();
    });
  }

  /** Uses a link up, in the transaction that opens the session. */
  Used use(Connection connection, String token) throws SQLException {
    lockOwners(connection);
    Used used = find(connection, token, " for update");
    Rows.change(
        connection,
        "update sign_in_link set used_at = clock_timestamp() where hmac = ?",
        tokens.hmac(Kind.LINK, token));
    return used;
  }

  private Used find(Connection connection, String token, String lock) throws SQLException {
    return Rows.first(
            connection,
            "select user_id, org_id from sign_in_link where hmac = ? and used_at is null"
                + " and expires_at > clock_timestamp() and (user_id is not null or "
                + NO_OWNER
                + ")"
                + lock,
            row -> new Used(row.getObject(1, Long.class), row.getObject(2, Long.class)),
            tokens.hmac(Kind.LINK, token))
        .orElseThrow(() ->
            new SignInException(
                Reason.LINK_INVALID,
                "This link was used already, has expired, or is not whole: ask for a new one"
                    + " ('yuntai members link' on the server makes one)."));
  }
}
