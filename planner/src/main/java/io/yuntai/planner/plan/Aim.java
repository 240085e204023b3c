package io.yuntai.planner.plan;

import java.util.Locale;

/**
 * What is looked for where goals go one before the other; each is an amount that is to be least.
 */
public enum Aim {
  /** Units of gold work that are not served, expected over all scenarios, in millions. */
  GOLD,
  /** The same of silver work. */
  SILVER,
  /** The same of bronze work. */
  BRONZE,
  /** The same of all work. */
  SERVICE,
  /** The negative of the net present value, expected, in millions. */
  VALUE,
  /** The negative of the net present value without revenue, expected, in millions. */
  COST,
  /** The negative of the mean of the worst scenarios, of value or cost, in millions. */
  RISK,
  /** Tonnes of carbon over all quarters, expected. */
  CARBON;

  /** In lower case, as files call it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is an amount of money. */
  public boolean isMoney() {
    return switch (this) {
      case VALUE, COST, RISK -> true;
      case GOLD, SILVER, BRONZE, SERVICE, CARBON -> false;
    };
  }

  /** Whether work of a standing that is not served counts. */
  public boolean counts(WorkClass.Standing standing) {
    return switch (this) {
      case GOLD -> standing == WorkClass.Standing.GOLD;
      case SILVER -> standing == WorkClass.Standing.SILVER;
      case BRONZE -> standing == WorkClass.Standing.BRONZE;
      case SERVICE -> true;
      case VALUE, COST, RISK, CARBON -> false;
    };
  }
}
