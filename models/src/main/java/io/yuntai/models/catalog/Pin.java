package io.yuntai.models.catalog;

import java.util.regex.Pattern;

/**
 * Exactly which bytes a model's file has.
 *
 * @param sizeBytes positive
 * @param sha256 64 lower-case hexadecimal digits
 */
public record Pin(long sizeBytes, String sha256) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public Pin {
    if (sizeBytes <= 0) {
      throw new IllegalArgumentException("size " + sizeBytes + " is not positive");
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "'" + sha256 + "' is not a SHA-256 in lower-case hexadecimal");
    }
  }
}
