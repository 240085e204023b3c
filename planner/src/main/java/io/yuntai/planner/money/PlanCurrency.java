package io.yuntai.planner.money;

import io.yuntai.planner.PlannerException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Currencies that a plan reckons in. */
public enum PlanCurrency {
  /** China's. */
  CNY,
  /** The United States'. */
  USD,
  /** The euro area's. */
  EUR,
  /** The United Kingdom's. */
  GBP,
  /** Hong Kong's. */
  HKD;

  /**
   * By its code.
   *
   * @throws PlannerException naming those that there are
   */
  public static PlanCurrency of(String code) {
    for (PlanCurrency currency : values()) {
      if (currency.name().equals(code)) {
        return currency;
      }
    }
    throw new PlannerException(
        "'%s' is no currency that plans know; there are %s."
            .formatted(
                code.length() <= 20 ? code : code.substring(0, 20) + "...",
                Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))));
  }
}
