package io.yuntai.ledger.identity;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.SignInException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Slows down who guesses. Each try is counted before it is looked at, under a lock, so many at once
 * are counted as exactly as one after another, and whichever server is asked. Beyond the free
 * tries, each one makes the next wait twice as long, up to a limit: nobody is ever locked out for
 * good.
 */
final class Guesses {
  private final Transactions database;

  Guesses(Transactions database) {
    this.database = database;
  }

  /**
   * What is counted.
   *
   * @param name whose tries
   * @param free so many cost nothing
   * @param mostSeconds longest wait
   */
  record Subject(String name, int free, int mostSeconds) {
    /** Who guesses one person's secret from one place. */
    static Subject pair(String email, String network) {
      return new Subject("pair:" + email + "@" + network, 5, 900);
    }

    /** Who guesses one person's secret from many places; the person isn't to be shut out easily. */
    static Subject person(String email) {
      return new Subject("person:" + email, 50, 900);
    }

    /** Who tries many people from one place, which may be an office behind one address. */
    static Subject network(String network) {
      return new Subject("network:" + network, 100, 60);
    }

    /** Who has the password or the link and guesses codes. */
    static Subject factor(long userId) {
      return new Subject("factor:" + userId, 5, 900);
    }
  }

  /**
   * Counts a try.
   *
   * @param subjects always in the same order, so that two tries never wait for each other
   * @throws SignInException when one of them has to wait; nothing is counted then
   */
  void take(List<Subject> subjects) {
    database.run(connection -> {
      for (Subject subject : subjects) {
        take(connection, subject);
      }
      return true;
    });
  }

  private static void take(Connection connection, Subject subject) throws SQLException {
    Rows.change(
        connection,
        "insert into sign_in_guess (subject, failures, last_at) values (?, 0, clock_timestamp())"
            + " on conflict do nothing",
        subject.name());
    long waitSeconds =
        Rows.first(
                connection,
                "select greatest(0, ceil(extract(epoch from blocked_until - clock_timestamp())))"
                    + " from sign_in_guess where subject = ? for update",
                row -> row.getLong(1),
                subject.name())
            .orElse(0L);
    if (waitSeconds > 0) {
      throw new SignInException(
          Reason.THROTTLED,
          "Too many wrong tries: try again in %s.".formatted(words(waitSeconds)),
          Math.toIntExact(waitSeconds));
    }
    Rows.change(
        connection,
        """
        update sign_in_guess set failures = n.failures, last_at = clock_timestamp(),
          blocked_until = case when n.failures > ? then
            clock_timestamp() + least(?, power(2, least(n.failures - ?, 20))) * interval '1 second' end
        from (select case when last_at < clock_timestamp() - interval '1 day' then 0 else failures end + 1
            as failures from sign_in_guess where subject = ?) n
        where subject = ?
        """,
        subject.free(),
        subject.mostSeconds(),
        subject.free(),
        subject.name(),
        subject.name());
  }

  private static String words(long seconds) {
    return seconds == 1
        ? "a second"
        : seconds < 120 ? seconds + " seconds" : seconds / 60 + " minutes";
  }

  /** A try that was none after all: it is not counted. */
  void giveBack(List<Subject> subjects) {
    database.run(connection -> {
      for (Subject subject : subjects) {
        Rows.change(
            connection,
            "update sign_in_guess set failures = greatest(0, failures - 1), blocked_until = null"
                + " where subject = ?",
            subject.name());
      }
      return true;
    });
  }

  /** Who proved who they are starts afresh. */
  static void forget(Connection connection, List<Subject> subjects) throws SQLException {
    for (Subject subject : subjects) {
      Rows.change(connection, "delete from sign_in_guess where subject = ?", subject.name());
    }
  }
}
