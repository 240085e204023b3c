package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The people of organisations. Safe for use by many threads. */
public final class Members {
  private static final String SELECT =
      "select u.id, u.email, u.name, m.role, m.created_at, m.version"
          + " from membership m join app_user u on u.id = m.user_id"
          + " where m.org_id = ? and m.removed_at is null";

  private final Transactions database;

  Members(Transactions database) {
    this.database = database;
  }

  /**
   * Makes a person a member, again if need be.
   *
   * @throws RefusedException when a value can't be accepted or the person is a member already
   */
  public Member add(Actor actor, Organisation org, String address, String name, Role role) {
    String email = Texts.email(address);
    Texts.title("name", name);
    return database.run(outer -> {
      // A person of other organisations only is not seen as a tenant.
      Rows.change(
          outer,
          "insert into app_user (email, name) values (?, ?) on conflict (email) do nothing",
          email,
          name);
      long user =
          Rows.first(outer, "select id from app_user where email = ?", row -> row.getLong(1), email)
              .orElseThrow();
      return database.runFor(
          org.id(), connection -> insert(connection, actor, org, user, email, role));
    });
  }

  private static Member insert(
      Connection connection, Actor actor, Organisation org, long user, String email, Role role)
      throws SQLException {
    int added =
        Rows.change(
            connection,
            "insert into membership as m (org_id, user_id, role) values (?, ?, ?)"
                + " on conflict (org_id, user_id) do update set role = excluded.role,"
                + " removed_at = null, created_at = clock_timestamp(), version = m.version + 1"
                + " where m.removed_at is not null",
            org.id(),
            user,
            role.label());
    if (added == 0) {
      throw new RefusedException(
          Reason.EXISTS, "email", "%s is a member of %s already.".formatted(email, org.name()));
    }
    Member member = find(connection, org, email, ExpectedVersion.ANY, "");
    AuditLog.write(connection, org.id(), actor, "member.add", "member:" + email, null, member);
    return member;
  }

  /** In the order of their addresses. */
  public Page<Member> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection ->
            page.cut(
                Rows.list(
                    connection,
                    SELECT + " and u.email > ? order by u.email limit ?",
                    Members::read,
                    org.id(),
                    page.afterName(),
                    page.limit() + 1),
                Member::email));
  }

  /**
   * The member with this address.
   *
   * @throws RefusedException when the organisation has none
   */
  public Member find(Organisation org, String email) {
    return database.runFor(
        org.id(), connection -> find(connection, org, email, ExpectedVersion.ANY, ""));
  }

  private static Member find(
      Connection connection, Organisation org, String email, ExpectedVersion expected, String lock)
      throws SQLException {
    Optional<Member> found =
        !email.codePoints().allMatch(Texts::isPrintable)
            ? Optional.empty()
            : Rows.first(
                connection, SELECT + " and u.email = ?" + lock, Members::read, org.id(), email);
    Member member = found.orElseThrow(() -> RefusedException.notFound("member", email));
    expected.check(member.version());
    return member;
  }

  /**
   * Gives a member another role.
   *
   * @throws RefusedException when there is no such member, or it is the last owner
   */
  public Member change(
      Actor actor, Organisation org, String email, Role role, ExpectedVersion expected) {
    return database.runFor(
        org.id(),
        connection -> {
          Member before = find(connection, org, email, expected, " for update of m");
          if (role != Role.OWNER) {
            keepAnOwner(connection, org, before);
          }
          Member after =
              new Member(
                  before.userId(),
                  email,
                  before.name(),
                  role,
                  before.created(),
                  before.version() + 1);
          Rows.change(
              connection,
              "update membership set role = ?, version = ? where org_id = ? and user_id = ?",
              role.label(),
              after.version(),
              org.id(),
              after.userId());
          Rows.call(connection, "select keys_changed(?)", org.id());
          AuditLog.write(
              connection, org.id(), actor, "member.change", "member:" + email, before, after);
          return after;
        });
  }

  /**
   * Ends a membership; the member's keys are refused from then on.
   *
   * @throws RefusedException when there is no such member, or it is the last owner
   */
  public void remove(Actor actor, Organisation org, String email, ExpectedVersion expected) {
    database.runFor(
        org.id(),
        connection -> {
          Member before = find(connection, org, email, expected, " for update of m");
          keepAnOwner(connection, org, before);
          Rows.change(
              connection,
              "update membership set removed_at = clock_timestamp(), version = version + 1"
                  + " where org_id = ? and user_id = ?",
              org.id(),
              before.userId());
          Rows.call(connection, "select keys_changed(?)", org.id());
          AuditLog.write(
              connection, org.id(), actor, "member.remove", "member:" + email, before, null);
          return true;
        });
  }

  /** All owners are locked, so that two of them can't remove each other at once. */
  private static void keepAnOwner(Connection connection, Organisation org, Member leaving)
      throws SQLException {
    boolean another =
        Rows.list(
                connection,
                "select user_id from membership where org_id = ? and role = 'owner'"
                    + " and removed_at is null order by user_id for update",
                row -> row.getLong(1),
                org.id())
            .stream()
            .anyMatch(owner -> owner != leaving.userId());
    if (leaving.role() == Role.OWNER && !another) {
      throw new RefusedException(
          Reason.CONFLICT,
          "role",
          "%s is the last owner of %s: make somebody else one first."
              .formatted(leaving.email(), org.name()));
    }
  }

  private static Member read(ResultSet row) throws SQLException {
    return new Member(
        row.getLong("id"),
        row.getString("email"),
        row.getString("name"),
        Role.of(row.getString("role")),
        Rows.time(row, "created_at"),
        row.getLong("version"));
  }
}
