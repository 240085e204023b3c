package io.yuntai.cli.tenants;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From when to when usage is told: options that such commands share. */
final class UsageSpan {
  @Option(
      names = "--since",
      paramLabel = "WHEN",
      defaultValue = "30d",
      description = "7d, 8w or 2027-01-31T00:00:00Z (default: ${DEFAULT-VALUE}).")
  private String since = "";

  @Option(names = "--until", paramLabel = "WHEN", description = "The same (default: now).")
  private @Nullable String until;

  /** Its begin. */
  Instant from(Instant now) {
    return Times.earlier("--since", since, now);
  }

  /** Its end: what is settled while a command runs belongs to it. */
  Instant to(Instant now) {
    return until == null ? now.plus(Duration.ofMinutes(1)) : Times.earlier("--until", until, now);
  }
}
