package io.yuntai.server.runs;

import java.time.Duration;

/**
 * Bounds of runs.
 *
 * @param maxRunBytes most bytes of one run's events
 * @param maxTenantBytes most bytes of one tenant's runs together
 * @param maxBytes most bytes of all runs together
 * @param maxTenantRuns most runs of one tenant that have not been forgotten
 * @param kept how long a run that has ended can still be read
 * @param unread how long a run goes on that nobody reads
 */
public record RunLimits(
    int maxRunBytes,
    long maxTenantBytes,
    long maxBytes,
    int maxTenantRuns,
    Duration kept,
    Duration unread) {
  /** For one machine: 64 MiB in all, ten minutes. */
  public static final RunLimits DEFAULTS =
      new RunLimits(
          16 << 20, 32L << 20, 64L << 20, 256, Duration.ofMinutes(10), Duration.ofMinutes(10));
}
