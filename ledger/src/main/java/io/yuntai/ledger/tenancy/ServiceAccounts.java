package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The programs of organisations. Safe for use by many threads. */
public final class ServiceAccounts {
  private static final String SELECT =
      "select s.id, s.name, p.name as project, s.role, s.created_at, s.version"
          + " from service_account s join project p on p.org_id = s.org_id and p.id = s.project_id"
          + " where s.org_id = ? and s.status <> 'deleted'";

  private final Transactions database;

  ServiceAccounts(Transactions database) {
    this.database = database;
  }

  /**
   * Makes one.
   *
   * @throws RefusedException when a value can't be accepted or the name is taken
   */
  public ServiceAccount create(
      Actor actor, Organisation org, String name, Project project, Role role) {
    Texts.handle("name", name);
    if (role == Role.OWNER) {
      throw RefusedException.invalid("role", "A service account is no owner: give another role.");
    }
    return database.runFor(
        org.id(),
        connection -> {
          int made =
              Rows.change(
                  connection,
                  "insert into service_account (org_id, project_id, name, role)"
                      + " values (?, ?, ?, ?)"
                      + " on conflict (org_id, name) where status <> 'deleted' do nothing",
                  org.id(),
                  project.id(),
                  name,
                  role.label());
          if (made == 0) {
            throw new RefusedException(
                Reason.EXISTS,
                "name",
                "%s has a service account '%s' already.".formatted(org.name(), name));
          }
          ServiceAccount account = find(connection, org, name, ExpectedVersion.ANY, "");
          AuditLog.write(
              connection,
              org.id(),
              actor,
              "service_account.create",
              "service_account:" + name,
              null,
              account);
          return account;
        });
  }

  /** In the order of their names. */
  public Page<ServiceAccount> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection ->
            page.cut(
                Rows.list(
                    connection,
                    SELECT + " and s.name > ? order by s.name limit ?",
                    ServiceAccounts::read,
                    org.id(),
                    page.afterName(),
                    page.limit() + 1),
                ServiceAccount::name));
  }

  /**
   * The one of this name.
   *
   * @throws RefusedException when the organisation has none
   */
  public ServiceAccount find(Organisation org, String name) {
    return database.runFor(
        org.id(), connection -> find(connection, org, name, ExpectedVersion.ANY, ""));
  }

  private static ServiceAccount find(
      Connection connection, Organisation org, String name, ExpectedVersion expected, String lock)
      throws SQLException {
    ServiceAccount found =
        Rows.first(
                connection,
                SELECT + " and s.name = ?" + lock,
                ServiceAccounts::read,
                org.id(),
                Texts.isHandle(name) ? name : "")
            .orElseThrow(() -> RefusedException.notFound("service account", name));
    expected.check(found.version());
    return found;
  }

  /**
   * Marks one as deleted; its keys are refused from then on.
   *
   * @throws RefusedException when there is none
   */
  public void delete(Actor actor, Organisation org, String name, ExpectedVersion expected) {
    database.runFor(
        org.id(),
        connection -> {
          ServiceAccount before = find(connection, org, name, expected, " for update of s");
          Rows.change(
              connection,
              "update service_account set status = 'deleted', deleted_at = clock_timestamp(),"
                  + " version = version + 1 where org_id = ? and id = ?",
              org.id(),
              before.id());
          Rows.call(connection, "select keys_changed(?)", org.id());
          AuditLog.write(
              connection,
              org.id(),
              actor,
              "service_account.delete",
              "service_account:" + name,
              before,
              null);
          return true;
        });
  }

  private static ServiceAccount read(ResultSet row) throws SQLException {
    return new ServiceAccount(
        row.getLong("id"),
        row.getString("name"),
        row.getString("project"),
        Role.of(row.getString("role")),
        Rows.time(row, "created_at"),
        row.getLong("version"));
  }
}
