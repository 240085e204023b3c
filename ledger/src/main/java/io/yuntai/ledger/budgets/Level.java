package io.yuntai.ledger.budgets;

import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Locale;

/** Whose use a budget counts. */
public enum Level {
  /** That of a whole organisation. */
  ORG,
  /** That of the keys of a project. */
  PROJECT,
  /** That of a person's keys. */
  USER,
  /** That of a key and of those that it was rotated from and into. */
  KEY;

  /** The name in tables. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name in APIs. */
  public String publicLabel() {
    return this == ORG ? "tenant" : label();
  }

  static Level of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** The level of this name in APIs. */
  public static Level ofPublic(String label) {
    for (Level level : values()) {
      if (level.publicLabel().equals(label)) {
        return level;
      }
    }
    throw RefusedException.invalid(
        "level",
        "'%s' is no level: there are tenant, project, user and key."
            .formatted(label.length() <= 40 ? label : "..."));
  }
}
