package io.yuntai.models.transfer;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a source itself says of a file.
 *
 * @param sizeBytes -1 if it says nothing
 * @param sha256 from a hub's {@code X-Linked-Etag}, where the file lies in its large-file storage
 *     (Hugging Face documents the LFS object's id, which is the content's SHA-256)
 * @param validator tells one version of the remote file from another: an entity tag, else the date
 *     of its last change
 * @param ranges whether parts can be asked for
 */
public record Promise(
    long sizeBytes, @Nullable String sha256, @Nullable String validator, boolean ranges) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * Tells one version of the remote file from another; null if the source gives nothing to tell by.
   * The hub's own checksum comes first, since mirrors of one file may each have their own entity
   * tag.
   */
  @Nullable String identity() {
    String mark = sha256 != null ? sha256 : validator;
    return mark == null ? null : sizeBytes + " " + mark;
  }

  static @Nullable String sha256Of(@Nullable String linkedEntityTag) {
    if (linkedEntityTag == null) {
      return null;
    }
    String plain = linkedEntityTag.replace("\"", "");
    return SHA256.matcher(plain).matches() ? plain : null;
  }
}
