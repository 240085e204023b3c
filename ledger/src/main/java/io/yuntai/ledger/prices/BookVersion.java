package io.yuntai.ledger.prices;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a price book as it lies in the database.
 *
 * @param id by which the database knows it
 * @param version from 1, counted for each name
 * @param publishedAt null for a draft
 * @param sha256 of all its prices; null for a draft
 * @param book with the instant of its publication, or of its import for a draft, as its beginning
 */
public record BookVersion(
    long id,
    int version,
    String note,
    Instant createdAt,
    @Nullable Instant publishedAt,
    @Nullable String sha256,
    PriceBook book) {
  public boolean published() {
    return publishedAt != null;
  }
}
