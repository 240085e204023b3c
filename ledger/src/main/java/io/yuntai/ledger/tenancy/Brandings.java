package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Branding.Logo;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How tenants want the console to look. Safe for use by many threads. */
public final class Brandings {
  private final Transactions database;

  Brandings(Transactions database) {
    this.database = database;
  }

  /** What a tenant has set; {@link Branding#NONE} where it has set nothing. */
  public Branding of(Organisation org) {
    return database.runFor(org.id(), connection -> read(connection, org, ""));
  }

  /**
   * A change; null for what stays.
   *
   * @param name empty for the product's own
   * @param accent empty for the product's own
   * @param setsLogo whether the logo is changed
   * @param logo empty for the product's own
   */
  public record Change(
      @Nullable String name, @Nullable String accent, boolean setsLogo, Optional<Logo> logo) {}

  /**
   * Changes how the console looks for a tenant's people.
   *
   * @throws RefusedException when a value can't be accepted, or it was changed in between
   */
  public Branding change(Actor actor, Organisation org, Change change, ExpectedVersion expected) {
    return database.runFor(
        org.id(),
        connection -> {
          Branding before = read(connection, org, " for update");
          if (before.version() > 0) {
            expected.check(before.version());
          }
          Branding after =
              Branding.checked(
                  change.name() == null ? before.name() : change.name(),
                  change.accent() == null ? before.accent() : change.accent(),
                  change.setsLogo() ? change.logo() : before.logo(),
                  before.version() + 1);
          Rows.change(
              connection,
              "insert into branding (org_id, name, accent, logo, logo_type, version)"
                  + " values (?, ?, ?, ?, ?, ?) on conflict (org_id) do update set"
                  + " name = excluded.name, accent = excluded.accent, logo = excluded.logo,"
                  + " logo_type = excluded.logo_type, version = excluded.version",
              org.id(),
              after.name(),
              after.accent(),
              after.logo().map(Logo::content).orElse(null),
              after.logo().map(Logo::type).orElse(""),
              after.version());
          AuditLog.write(
              connection,
              org.id(),
              actor,
              "branding.change",
              "tenant:" + org.name(),
              Told.of(before),
              Told.of(after));
          return after;
        });
  }

  /** What the audit log keeps: no picture. */
  private record Told(String name, String accent, String logo, long version) {
    static Told of(Branding branding) {
      return new Told(
          branding.name(),
          branding.accent(),
          branding.logo().map(Logo::toString).orElse(""),
          branding.version());
    }
  }

  private static Branding read(Connection connection, Organisation org, String lock)
      throws SQLException {
    return Rows.first(
            connection,
            "select name, accent, logo, logo_type, version from branding where org_id = ?" + lock,
            Brandings::read,
            org.id())
        .orElse(Branding.NONE);
  }

  private static Branding read(ResultSet row) throws SQLException {
    byte[] logo = row.getBytes("logo");
    return new Branding(
        row.getString("name"),
        row.getString("accent"),
        logo == null ? Optional.empty() : Optional.of(new Logo(row.getString("logo_type"), logo)),
        row.getLong("version"));
  }
}
