package io.yuntai.ledger.identity;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.ledger.identity.Tokens.Kind;
import io.yuntai.ledger.tenancy.RefusedException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What people sign in with, as rows. Each method works in its caller's transaction. */
final class Credentials {
  private static final int RECOVERY_CODES = 10;
  private static final int RECOVERY_BYTES = 10;

  private final Tokens tokens;

  Credentials(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * A person's row.
   *
   * @param orgId the only organisation that it opens; null for all of the person's
   * @param passwordHash null for none
   * @param factorSecret null for none
   * @param factorConfirmed whether the secret is asked for
   * @param factorStep the last step of time whose code was used
   */
  record Stored(
      long userId,
      @Nullable Long orgId,
      @Nullable String passwordHash,
      byte @Nullable [] factorSecret,
      boolean factorConfirmed,
      long factorStep) {
    /** Whether somebody who is vouched for that far may change it. */
    boolean isChangedBy(@Nullable Long vouchedFor) {
      return vouchedFor == null || vouchedFor.equals(orgId);
    }

    /**
     * Whether it stays as it is, but for the change, when somebody vouched for that far changes it.
     */
    boolean isKeptBy(@Nullable Long vouchedFor) {
      return vouchedFor != null || orgId == null;
    }

    /** Whether the second factor is asked of somebody who is vouched for that far. */
    boolean asksCodeOf(@Nullable Long vouchedFor) {
      return factorConfirmed && (orgId == null || orgId.equals(vouchedFor));
    }
  }

  /** With a lock on it, so that no code is used twice. */
  Optional<Stored> lock(Connection connection, long userId) throws SQLException {
    return Rows.first(
        connection,
        "select user_id, org_id, password_hash, factor_secret, factor_since, factor_step"
            + " from credential where user_id = ? for update",
        this::read,
        userId);
  }

  private Stored read(ResultSet row) throws SQLException {
    byte[] sealed = row.getBytes("factor_secret");
    return new Stored(
        row.getLong("user_id"),
        row.getObject("org_id", Long.class),
        row.getString("password_hash"),
        sealed == null ? null : tokens.open(sealed),
        row.getObject("factor_since") != null,
        row.getLong("factor_step"));
  }

  /**
   * The row as it is before a change by somebody who is vouched for that far; made where there is
   * none. What a tenant vouched for gives way, second factor included, to who is vouched for
   * everywhere.
   *
   * @throws RefusedException where it is not that person's to change
   */
  Stored lockForChange(Connection connection, long userId, @Nullable Long vouchedFor)
      throws SQLException {
    Rows.change(
        connection,
        "insert into credential (user_id, org_id) values (?, ?) on conflict do nothing",
        userId,
        vouchedFor);
    Stored stored = lock(connection, userId).orElseThrow();
    if (!stored.isChangedBy(vouchedFor)) {
      throw new RefusedException(
          RefusedException.Reason.NOT_ALLOWED,
          "",
          "This sign-in came by one tenant's link, but your password and second factor belong to"
              + " more than that tenant: sign in with them first.");
    }
    if (!stored.isKeptBy(vouchedFor)) {
      Rows.change(connection, "delete from recovery_code where user_id = ?", userId);
      Rows.change(
          connection,
          "update credential set org_id = null, password_hash = null, password_at = null,"
              + " factor_secret = null, factor_since = null, factor_step = 0 where user_id = ?",
          userId);
      return lock(connection, userId).orElseThrow();
    }
    return stored;
  }

  static void setPassword(Connection connection, long userId, String hash) throws SQLException {
    Rows.change(
        connection,
        "update credential set password_hash = ?, password_at = clock_timestamp() where user_id = ?",
        hash,
        userId);
  }

  /**
   * Uses up a code of the second factor or a recovery code.
   *
   * @throws SignInException when it is neither
   */
  void useCode(Connection connection, Stored stored, String code, Instant now) throws SQLException {
    String plain = code.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    byte[] secret = stored.factorSecret();
    if (secret != null && plain.matches("[0-9]{6}")) {
      OptionalLong step = Totp.step(secret, plain, now, stored.factorStep());
      if (step.isPresent()) {
        Rows.change(
            connection,
            "update credential set factor_step = ? where user_id = ?",
            step.getAsLong(),
            stored.userId());
        return;
      }
    } else if (stored.factorConfirmed() && useRecoveryCode(connection, stored.userId(), plain)) {
      return;
    }
    throw new SignInException(
        Reason.WRONG_CODE,
        "This code is wrong, too old or was used before: wait for the next one, or use a recovery"
            + " code.");
  }

  private boolean useRecoveryCode(Connection connection, long userId, String plain)
      throws SQLException {
    return Rows.change(
            connection,
            "update recovery_code set used_at = clock_timestamp()"
                + " where user_id = ? and hmac = ? and used_at is null",
            userId,
            tokens.hmac(Kind.RECOVERY, userId + "\n" + plain))
        == 1;
  }

  /** Makes new recovery codes in the place of the old ones; told this once. */
  List<String> newRecoveryCodes(Connection connection, long userId) throws SQLException {
    Rows.change(connection, "delete from recovery_code where user_id = ?", userId);
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < RECOVERY_CODES; i++) {
      String plain = Totp.base32(tokens.bytes(RECOVERY_BYTES));
      Rows.change(
          connection,
          "insert into recovery_code (user_id, hmac) values (?, ?)",
          userId,
          tokens.hmac(Kind.RECOVERY, userId + "\n" + plain));
      codes.add(plain.replaceAll("(.{4})(?=.)", "$1-"));
    }
    return List.copyOf(codes);
  }
}
