package io.yuntai.ledger.usage;

import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Locale;

/** By what usage is summed. */
public enum UsageBy {
  MODEL("n.name"),
  KEY("coalesce(k.public_id || ' ' || k.name, '-')"),
  PROJECT("coalesce(p.name, '-')"),
  USER("coalesce(u.email, '-')"),
  DAY("to_char(r.at at time zone o.time_zone, 'YYYY-MM-DD')"),
  TENANT("o.name");

  private final String sql;

  UsageBy(String sql) {
    this.sql = sql;
  }

  String sql() {
    return sql;
  }

  /** The name in APIs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of this name. */
  public static UsageBy of(String label) {
    for (UsageBy by : values()) {
      if (by.label().equals(label)) {
        return by;
      }
    }
    throw RefusedException.invalid(
        "by",
        "'%s' is nothing to sum usage by: there are model, key, project, user, day and tenant."
            .formatted(label.length() <= 40 ? label : "..."));
  }
}
