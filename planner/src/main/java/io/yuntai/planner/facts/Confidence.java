package io.yuntai.planner.facts;

import io.yuntai.planner.PlannerException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far a number can be believed, the best first. */
public enum Confidence {
  /** Measured by us or the operator. */
  MEASURED,
  /** Published by whoever makes or runs it. */
  PUBLISHED,
  /** Computed from such. */
  DERIVED,
  /** Somebody's estimate. */
  ESTIMATE,
  /** From memory, or one weak source. */
  UNVERIFIED;

  /** As files spell it: in lower case. */
  public static Confidence of(String text) {
    for (Confidence confidence : values()) {
      if (confidence.text().equals(text)) {
        return confidence;
      }
    }
    throw new PlannerException(
        "Confidence '%s' is none of: %s."
            .formatted(
                text,
                Arrays.stream(values()).map(Confidence::text).collect(Collectors.joining(", "))));
  }

  /** In lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
