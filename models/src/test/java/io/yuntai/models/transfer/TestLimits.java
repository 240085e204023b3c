package io.yuntai.models.transfer;

import java.time.Duration;

/** Limits that tests meet quickly. */
final class TestLimits {
  private TestLimits() {}

  static TransferLimits limits() {
    return new TransferLimits(
        4,
        2 << 20,
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        1000,
        5,
        300,
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(60),
        10,
        2,
        1 << 30);
  }

  static TransferLimits oneConnection() {
    TransferLimits limits = limits();
    return new TransferLimits(
        1,
        limits.segmentBytes(),
        limits.connectTimeout(),
        limits.stallTimeout(),
        limits.stallBytes(),
        5,
        300,
        limits.backoffMin(),
        limits.backoffMax(),
        limits.retryAfterMax(),
        10,
        2,
        limits.fileBytesMax());
  }

  static TransferLimits impatient() {
    return withStall(limits(), Duration.ofMillis(400));
  }

  static TransferLimits withStall(TransferLimits limits, Duration stall) {
    return new TransferLimits(
        limits.connections(),
        limits.segmentBytes(),
        limits.connectTimeout(),
        stall,
        limits.stallBytes(),
        5,
        300,
        limits.backoffMin(),
        limits.backoffMax(),
        limits.retryAfterMax(),
        10,
        2,
        limits.fileBytesMax());
  }
}
