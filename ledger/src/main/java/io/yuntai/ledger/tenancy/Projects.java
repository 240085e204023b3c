package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The projects of organisations. Safe for use by many threads. */
public final class Projects {
  private static final String COLUMNS = "id, name, title, created_at, version";

  private final Transactions database;

  Projects(Transactions database) {
    this.database = database;
  }

  /**
   * Makes a project.
   *
   * @throws RefusedException when a value can't be accepted or the name is taken
   */
  public Project create(Actor actor, Organisation org, String name, String title) {
    Texts.handle("name", name);
    Texts.title("title", title);
    return database.runFor(org.id(), connection -> insert(connection, org, actor, name, title));
  }

  static Project insert(
      Connection connection, Organisation org, Actor actor, String name, String title)
      throws SQLException {
    Project made =
        Rows.first(
                connection,
                "insert into project (org_id, name, title) values (?, ?, ?)"
                    + " on conflict (org_id, name) where status <> 'deleted' do nothing returning "
                    + COLUMNS,
                Projects::read,
                org.id(),
                name,
                title)
            .orElseThrow(() ->
                new RefusedException(
                    Reason.EXISTS,
                    "name",
                    "%s has a project '%s' already.".formatted(org.name(), name)));
    AuditLog.write(connection, org.id(), actor, "project.create", "project:" + name, null, made);
    return made;
  }

  /** Those that aren't deleted, in the order of their names. */
  public Page<Project> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection ->
            page.cut(
                Rows.list(
                    connection,
                    "select "
                        + COLUMNS
                        + " from project where org_id = ? and status <> 'deleted' and name > ?"
                        + " order by name limit ?",
                    Projects::read,
                    org.id(),
                    page.afterName(),
                    page.limit() + 1),
                Project::name));
  }

  /**
   * The project of this name.
   *
   * @throws RefusedException when the organisation has none
   */
  public Project find(Organisation org, String name) {
    return database.runFor(
        org.id(), connection -> find(connection, org, name, ExpectedVersion.ANY, ""));
  }

  private static Project find(
      Connection connection, Organisation org, String name, ExpectedVersion expected, String lock)
      throws SQLException {
    Project found =
        Rows.first(
                connection,
                "select "
                    + COLUMNS
                    + " from project where org_id = ? and name = ? and status <> 'deleted'"
                    + lock,
                Projects::read,
                org.id(),
                Texts.isHandle(name) ? name : "")
            .orElseThrow(() -> RefusedException.notFound("project", name));
    expected.check(found.version());
    return found;
  }

  /**
   * Changes what people call it.
   *
   * @throws RefusedException when there is no such project
   */
  public Project rename(
      Actor actor, Organisation org, String name, String title, ExpectedVersion expected) {
    Texts.title("title", title);
    return database.runFor(
        org.id(),
        connection -> {
          Project before = find(connection, org, name, expected, " for update");
          Project after =
              new Project(before.id(), name, title, before.created(), before.version() + 1);
          Rows.change(
              connection,
              "update project set title = ?, version = ? where org_id = ? and id = ?",
              title,
              after.version(),
              org.id(),
              after.id());
          AuditLog.write(
              connection, org.id(), actor, "project.change", "project:" + name, before, after);
          return after;
        });
  }

  /**
   * Marks a project as deleted. It must have no keys that work.
   *
   * @throws RefusedException when there is no such project, or it is still in use
   */
  public void delete(Actor actor, Organisation org, String name, ExpectedVersion expected) {
    database.runFor(
        org.id(),
        connection -> {
          Project before = find(connection, org, name, expected, " for update");
          if (name.equals(Organisation.DEFAULT)) {
            throw new RefusedException(
                Reason.CONFLICT, "", "The project 'default' stays: keys are made in it.");
          }
          long keys =
              Rows.first(
                      connection,
                      "select count(*) from api_key where org_id = ? and project_id = ?"
                          + " and revoked_at is null",
                      row -> row.getLong(1),
                      org.id(),
                      before.id())
                  .orElse(0L);
          if (keys > 0) {
            throw new RefusedException(
                Reason.CONFLICT,
                "",
                "The project '%s' still has %d keys: revoke them first.".formatted(name, keys));
          }
          AuditLog.write(
              connection, org.id(), actor, "project.delete", "project:" + name, before, null);
          return Rows.change(
              connection,
              "update project set status = 'deleted', deleted_at = clock_timestamp(),"
                  + " version = version + 1 where org_id = ? and id = ?",
              org.id(),
              before.id());
        });
  }

  private static Project read(ResultSet row) throws SQLException {
    return new Project(
        row.getLong("id"),
        row.getString("name"),
        row.getString("title"),
        Rows.time(row, "created_at"),
        row.getLong("version"));
  }
}
