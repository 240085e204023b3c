package io.yuntai.ledger.tenancy;

import java.util.Locale;

/** What a member or a service account is within its organisation. */
public enum Role {
  /** Everything within the organisation. */
  OWNER,
  /** Everything but what owners keep. */
  ADMIN,
  /** Who looks after money. */
  BILLING,
  /** Who builds with it. */
  DEVELOPER,
  /** Who only looks. */
  AUDITOR,
  /** Who talks with models, and sees nothing of the organisation but that. */
  USER;

  /** Whether it may. */
  public boolean may(Permission permission) {
    return switch (this) {
      case OWNER -> true;
      case ADMIN -> permission != Permission.OWN;
      case BILLING ->
          permission == Permission.READ
              || permission == Permission.READ_AUDIT
              || permission == Permission.BUDGETS;
      case DEVELOPER -> permission == Permission.READ || permission == Permission.KEYS;
      case AUDITOR -> permission == Permission.READ || permission == Permission.READ_AUDIT;
      case USER -> false;
    };
  }

  /** Whether it asks models in the organisation's name: all but who only looks. */
  public boolean asksModels() {
    return this != AUDITOR;
  }

  /** The name in APIs and tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of this name. */
  public static Role of(String label) {
    for (Role role : values()) {
      if (role.label().equals(label)) {
        return role;
      }
    }
    throw RefusedException.invalid(
        "role",
        "'%s' is no role: there are owner, admin, billing, developer, auditor and user."
            .formatted(RefusedException.shown(label)));
  }
}
