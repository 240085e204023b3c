package io.yuntai.ledger.identity;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Session.Method;
import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.ledger.identity.Tokens.Kind;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in. A session ends when its owner says so, when it was not used for a while, when
 * its whole time is over, or when its owner's password changes. Each request asks the database, so
 * an end and a changed role hold from the next request on, on every server. Safe for use by many
 * threads.
 */
public final class Sessions {
  /** More than a person has devices; the oldest ends where another begins. */
  private static final int MAX_PER_USER = 50;

  private static final String ALIVE =
      " s.ended_at is null and s.expires_at > clock_timestamp()"
          + " and s.seen_at + make_interval(secs => ?) > clock_timestamp()";

  private static final String SELECT =
      "select s.id, s.user_id, u.email, u.name, s.org_id, o.name as scope, s.method, s.origin,"
          + " s.agent, s.created_at, s.seen_at, s.expires_at"
          + " from user_session s join app_user u on u.id = s.user_id left join org o on o.id = s.org_id";

  private final Transactions database;
  private final Tokens tokens;
  private final SessionLimits limits;

  Sessions(Transactions database, Tokens tokens, SessionLimits limits) {
    this.database = database;
    this.tokens = tokens;
    this.limits = limits;
  }

  /**
   * Begins a session in the transaction that proved who somebody is. What the visitor had before
   * ends, so a token that somebody else planted is never let in.
   *
   * @param orgId the only tenant that it opens; null for all of the person's
   * @throws SignInException where there is none that it opens
   */
  OpenedSession open(
      Connection connection, Visitor visitor, long userId, @Nullable Long orgId, Method method)
      throws SQLException {
    visitor.session().ifPresent(token -> end(token));
    Rows.change(
        connection,
        "update user_session set ended_at = clock_timestamp() where id in"
            + " (select id from user_session where user_id = ? and ended_at is null"
            + " order by id desc offset ?)",
        userId,
        MAX_PER_USER - 1);
    String token = tokens.make(Kind.SESSION);
    long id =
        Rows.first(
                connection,
                "insert into user_session (hmac, user_id, org_id, method, origin, agent, expires_at)"
                    + " values (?, ?, ?, ?, ?, ?, clock_timestamp() + make_interval(secs => ?))"
                    + " returning id",
                row -> row.getLong(1),
                tokens.hmac(Kind.SESSION, token),
                userId,
                orgId,
                method.label(),
                visitor.origin(),
                visitor.agent(),
                (double) limits.most().toSeconds())
            .orElseThrow();
    Session session =
        Rows.first(connection, SELECT + " where s.id = ?", row -> read(connection, row), id)
            .orElseThrow();
    if (session.roles().isEmpty()) {
      throw new SignInException(
          Reason.NO_MEMBERSHIP,
          "%s belongs to no tenant here: ask an owner or admin of yours to add this address."
              .formatted(session.email()));
    }
    audit(connection, session, visitor, "sign_in." + method.label(), session.id());
    return new OpenedSession(session, token);
  }

  /** Writes down what somebody did with their own session, for each tenant that it opens. */
  static void audit(
      Connection connection, Session session, Visitor visitor, String action, long sessionId)
      throws SQLException {
    List<Long> orgs =
        Rows.list(
            connection,
            "select org_id from membership where user_id = ? and removed_at is null"
                + " and (?::bigint is null or org_id = ?) order by 1",
            row -> row.getLong(1),
            session.userId(),
            session.scopeId(),
            session.scopeId());
    for (long org : orgs) {
      AuditLog.write(
          connection,
          org,
          visitor.as("user:" + session.email()),
          action,
          "session:" + sessionId,
          null,
          null);
    }
  }

  /**
   * Whose token this is, and notes that it was used.
   *
   * @return empty for one that has ended or never was
   */
  public Optional<Session> find(String token) {
    return database.run(connection -> {
      Optional<Session> found =
          Rows.first(
              connection,
              SELECT + " where s.hmac = ? and" + ALIVE,
              row -> read(connection, row),
              tokens.hmac(Kind.SESSION, token),
              (double) limits.idle().toSeconds());
      if (found.isPresent()) {
        Rows.change(
            connection,
            "update user_session set seen_at = clock_timestamp()"
                + " where id = ? and seen_at < clock_timestamp() - interval '1 minute'",
            found.get().id());
      }
      return found.filter(session -> !session.roles().isEmpty());
    });
  }

  /**
   * Whether a session still opens what it did: it has not ended, and its owner has the same roles.
   * Looking is no use of it, so what only looks keeps no session from its idle limit.
   *
   * @param token of the session
   */
  public boolean stands(String token, Session session) {
    return database.run(connection ->
        Rows.first(
                connection,
                SELECT + " where s.hmac = ? and" + ALIVE,
                row -> read(connection, row),
                tokens.hmac(Kind.SESSION, token),
                (double) limits.idle().toSeconds())
            .filter(now -> now.id() == session.id() && now.roles().equals(session.roles()))
            .isPresent());
  }

  /** What pages of a session send with each change. */
  public String csrf(String token) {
    return tokens.csrf(token);
  }

  /** A person's sessions that have not ended, the newest first. */
  public List<Session> of(Session asking) {
    return database.run(connection ->
        Rows.list(
            connection,
            SELECT
                + " where s.user_id = ? and (?::bigint is null or s.org_id = ?) and"
                + ALIVE
                + " order by s.id desc",
            row -> read(connection, row),
            asking.userId(),
            asking.scopeId(),
            asking.scopeId(),
            (double) limits.idle().toSeconds()));
  }

  /** Signs out. */
  public void end(String token) {
    database.run(connection ->
        Rows.change(
            connection,
            "update user_session set ended_at = clock_timestamp()"
                + " where hmac = ? and ended_at is null",
            tokens.hmac(Kind.SESSION, token)));
  }

  /** Signs out, and writes it down. */
  public void end(Session session, Visitor visitor) {
    end(session, visitor, session.id());
  }

  /**
   * Ends another session of the same person.
   *
   * @throws RefusedException when there is no such one
   */
  public void end(Session session, Visitor visitor, long id) {
    if (of(session).stream().noneMatch(own -> own.id() == id)) {
      throw RefusedException.notFound("session", Long.toString(id));
    }
    database.run(connection -> {
      audit(connection, session, visitor, "session.end", id);
      return Rows.change(
          connection,
          "update user_session set ended_at = clock_timestamp() where id = ? and ended_at is null",
          id);
    });
  }

  /** Ends all of a person's sessions but one. */
  static void endOthers(Connection connection, long userId, long keptId) throws SQLException {
    Rows.change(
        connection,
        "update user_session set ended_at = clock_timestamp()"
            + " where user_id = ? and id <> ? and ended_at is null",
        userId,
        keptId);
  }

  private Session read(Connection connection, ResultSet row) throws SQLException {
    Long orgId = row.getObject("org_id", Long.class);
    Map<String, Role> roles = new LinkedHashMap<>();
    Rows.list(
        connection,
        "select o.name, m.role from membership m join org o on o.id = m.org_id"
            + " where m.user_id = ? and m.removed_at is null and o.status <> 'deleted'"
            + " and (?::bigint is null or o.id = ?) order by o.name",
        member -> roles.put(member.getString(1), Role.of(member.getString(2))),
        row.getLong("user_id"),
        orgId,
        orgId);
    Instant seen = Rows.time(row, "seen_at");
    return new Session(
        row.getLong("id"),
        row.getLong("user_id"),
        row.getString("email"),
        row.getString("name"),
        Optional.ofNullable(row.getString("scope")),
        orgId,
        roles,
        Session.operates(roles),
        Method.of(row.getString("method")),
        row.getString("origin"),
        row.getString("agent"),
        Rows.time(row, "created_at"),
        seen,
        seen.plus(limits.idle()),
        Rows.time(row, "expires_at"));
  }
}
