package io.yuntai.ledger.alerts;

import io.yuntai.ledger.alerts.AlertTarget.Kind;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.ledger.tenancy.Texts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Whom each organisation's alerts are told. Safe for use by many threads. */
public final class AlertTargets {
  private static final int MAX_PER_ORG = 20;
  private static final int SECRET_BYTES = 32;
  private static final int MAX_URL_CHARS = 1000;
  private static final String SELECT =
      "select id, kind, address, created_at from alert_target"
          + " where org_id = ? and deleted_at is null";

  private final Transactions database;
  private final Pepper pepper;
  private final SecureRandom random;

  /** In this database. */
  public AlertTargets(Transactions database, Pepper pepper, SecureRandom random) {
    this.database = database;
    this.pepper = pepper;
    this.random = random;
  }

  /**
   * A target that was just made.
   *
   * @param secret under which its calls are signed, as Standard Webhooks write it; told this once;
   *     empty for mail
   */
  public record Made(AlertTarget target, String secret) {}

  /**
   * Tells a URL from now on, by calls that carry a signature.
   *
   * @throws RefusedException when it is no URL, known already, or one too many
   */
  public Made addWebhook(Actor actor, Organisation org, String url) {
    requireUrl(url);
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String text = "whsec_" + Base64.getEncoder().encodeToString(secret);
    byte[] sealed = pepper.seal(text.getBytes(StandardCharsets.UTF_8), random);
    return new Made(add(actor, org, Kind.WEBHOOK, url, sealed), text);
  }

  /**
   * Tells an address from now on.
   *
   * @throws RefusedException when it is none, known already, or one too many
   */
  public Made addEmail(Actor actor, Organisation org, String address) {
    return new Made(add(actor, org, Kind.EMAIL, Texts.email(address), null), "");
  }

  private static void requireUrl(String url) {
    boolean right;
    try {
      URI uri = URI.create(url);
      right =
          url.length() <= MAX_URL_CHARS
              && url.chars().allMatch(c -> c > ' ' && c < 0x7F)
              && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getFragment() == null
              && uri.getPort() != 0
              && uri.getPort() <= 65_535;
    } catch (IllegalArgumentException e) {
      right = false;
    }
    if (!right) {
      throw RefusedException.invalid(
          "address",
          "A webhook's address is a URL such as https://example.com/alerts, of at most 1000"
              + " characters, without a user or a '#'.");
    }
  }

  private AlertTarget add(
      Actor actor, Organisation org, Kind kind, String address, byte @Nullable [] secret) {
    return database.runFor(
        org.id(),
        connection -> {
          Rows.call(connection, "select id from org where id = ? for update", org.id());
          refuseTooMany(connection, org, kind, address);
          AlertTarget made =
              Rows.first(
                      connection,
                      "insert into alert_target (org_id, kind, address, secret) values (?, ?, ?, ?)"
                          + " returning id, kind, address, created_at",
                      AlertTargets::read,
                      org.id(),
                      kind.label(),
                      address,
                      secret)
                  .orElseThrow();
          AuditLog.write(
              connection,
              org.id(),
              actor,
              "alert_target.add",
              "alert_target:" + made.id(),
              null,
              made);
          return made;
        });
  }

  private static void refuseTooMany(
      Connection connection, Organisation org, Kind kind, String address) throws SQLException {
    var there = Rows.list(connection, SELECT, AlertTargets::read, org.id());
    if (there.stream().anyMatch(t -> t.kind() == kind && t.address().equals(address))) {
      throw new RefusedException(Reason.EXISTS, "address", "This address is told already.");
    }
    if (there.size() >= MAX_PER_ORG) {
      throw new RefusedException(
          Reason.CONFLICT, "", "A tenant's alerts go to at most %d.".formatted(MAX_PER_ORG));
    }
  }

  /** The oldest first. */
  public Page<AlertTarget> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection ->
            page.cut(
                Rows.list(
                    connection,
                    SELECT + " and id > ? order by id limit ?",
                    AlertTargets::read,
                    org.id(),
                    page.afterId(),
                    page.limit() + 1),
                target -> Long.toString(target.id())));
  }

  /**
   * Tells a target nothing more.
   *
   * @throws RefusedException when there is none
   */
  public void remove(Actor actor, Organisation org, String id) {
    long number = id.matches("[0-9]{1,18}") ? Long.parseLong(id) : -1;
    database.runFor(
        org.id(),
        connection -> {
          int removed =
              Rows.change(
                  connection,
                  "update alert_target set deleted_at = clock_timestamp()"
                      + " where org_id = ? and id = ? and deleted_at is null",
                  org.id(),
                  number);
          if (removed == 0) {
            throw RefusedException.notFound("alert target", id);
          }
          AuditLog.write(
              connection, org.id(), actor, "alert_target.remove", "alert_target:" + id, null, null);
          return true;
        });
  }

  private static AlertTarget read(ResultSet row) throws SQLException {
    return new AlertTarget(
        row.getLong("id"),
        Kind.of(row.getString("kind")),
        row.getString("address"),
        Rows.time(row, "created_at"));
  }
}
