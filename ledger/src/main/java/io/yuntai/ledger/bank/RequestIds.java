package io.yuntai.ledger.bank;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.UUID;

/** Version-7 UUIDs (RFC 9562): the first 48 bits are milliseconds since 1970. */
public final class RequestIds {
  /** The database's order, by unsigned bytes; {@code UUID.compareTo} is by signed numbers. */
  public static final Comparator<UUID> ORDER =
      Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
          .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

  private RequestIds() {}

  /** Whether it is one. */
  public static boolean valid(UUID id) {
    return id.version() == 7 && id.variant() == 2;
  }

  /** The day in UTC on which it was made. */
  public static LocalDate day(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16)
        .atOffset(ZoneOffset.UTC)
        .toLocalDate();
  }
}
