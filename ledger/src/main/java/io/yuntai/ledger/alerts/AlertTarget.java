package io.yuntai.ledger.alerts;

import java.time.Instant;

/**
 * Somebody who is told.
 *
 * @param id row of the table {@code alert_target}
 * @param kind how
 * @param address a URL, or an e-mail address
 * @param created when it was made
 */
public record AlertTarget(long id, Kind kind, String address, Instant created) {
  /** How somebody is told. */
  public enum Kind {
    /** By a POST to a URL. */
    WEBHOOK,
    /** By e-mail. */
    EMAIL;

    /** The name in APIs and tables. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Kind of(String label) {
      return valueOf(label.toUpperCase(java.util.Locale.ROOT));
    }
  }
}
