package io.yuntai.ledger.node;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Version-7 UUIDs (RFC 9562): 48 bits of milliseconds, 74 bits by chance. */
final class RequestIds {
  private RequestIds() {}

  static UUID next(Instant at, RandomGenerator random) {
    long millis = at.toEpochMilli() & 0xffff_ffff_ffffL;
    return new UUID(
        millis << 16 | 0x7000 | random.nextInt(1 << 12),
        0x8000_0000_0000_0000L | random.nextLong() >>> 2);
  }
}
