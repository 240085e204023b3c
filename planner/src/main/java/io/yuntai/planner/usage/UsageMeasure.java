package io.yuntai.planner.usage;

import io.yuntai.planner.PlannerException;
import java.util.Locale;

/** What is counted. */
public enum UsageMeasure {
  /** Requests that were answered. */
  REQUESTS(0),
  /** Tokens of prompts that had to be read. */
  INPUT(1),
  /** Tokens of prompts that a cache had. */
  CACHED(2),
  /** Tokens written, thoughts included. */
  OUTPUT(3),
  /** Requests that were refused for want of capacity. */
  REFUSED(4);

  private final int place;

  UsageMeasure(int place) {
    this.place = place;
  }

  /** Where it stands in an hour's cell. */
  int place() {
    return place;
  }

  /** In lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** By its text. */
  public static UsageMeasure of(String text) {
    for (UsageMeasure measure : values()) {
      if (measure.text().equals(text)) {
        return measure;
      }
    }
    throw new PlannerException(
        "'%s' is not counted; there are requests, input, cached, output and refused."
            .formatted(text));
  }
}
