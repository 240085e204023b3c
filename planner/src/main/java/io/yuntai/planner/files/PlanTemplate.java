package io.yuntai.planner.files;

import io.yuntai.planner.PlannerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Plans to begin with: commented, solvable as they are. */
public enum PlanTemplate {
  /** Own one server, rent, or use an API. */
  START_UP,
  /** Three regions, residency, and the loss of a site. */
  ENTERPRISE,
  /** Twelve sites and CNY 380 billion. */
  HYPERSCALE;

  /**
   * By its name, such as {@code start-up}.
   *
   * @throws PlannerException naming those that there are
   */
  public static PlanTemplate of(String name) {
    for (PlanTemplate template : values()) {
      if (template.text().equals(name)) {
        return template;
      }
    }
    throw new PlannerException(
        "'%s' is no template; there are %s."
            .formatted(
                name,
                Arrays.stream(values()).map(PlanTemplate::text).collect(Collectors.joining(", "))));
  }

  /** In lower case, with a hyphen. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The plan's file. */
  public String content() {
    try (InputStream in =
        Objects.requireNonNull(PlanTemplate.class.getResourceAsStream(text() + ".toml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
