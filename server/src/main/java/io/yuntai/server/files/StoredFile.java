package io.yuntai.server.files;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file.
 *
 * @param id {@code file-} and hexadecimal digits
 * @param owner whose it is: a principal's id
 * @param filename as its owner calls it
 * @param purpose such as {@code batch} or {@code batch_output}
 * @param bytes its length
 * @param createdAt seconds since 1970
 * @param expiresAt seconds since 1970 after which it is gone; null for never
 */
public record StoredFile(
    String id,
    String owner,
    String filename,
    String purpose,
    long bytes,
    long createdAt,
    @Nullable Long expiresAt) {
  boolean isExpired(Instant now) {
    return expiresAt != null && expiresAt <= now.getEpochSecond();
  }
}
