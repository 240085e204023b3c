package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the header {@code anthropic-version} says. */
public enum AnthropicVersion {
  /** Settings of sampling are part of the API. */
  V2023_06_01("2023-06-01"),
  /** Settings of sampling are refused, even at their defaults. */
  V2026_10_21("2026-10-21");

  /** Its name. */
  public static final String HEADER = "anthropic-version";

  private static final Pattern DATE = Pattern.compile("20\\d\\d-[01]\\d-[0-3]\\d");

  private final String date;

  AnthropicVersion(String date) {
    this.date = date;
  }

  /** The header's value. */
  public String date() {
    return date;
  }

  /**
   * The version that a request asks for: the newest that is not newer. Without the header it is the
   * oldest, which takes all that the newer one does.
   *
   * @throws ApiException 400 where it is not a date
   */
  public static AnthropicVersion of(@Nullable String header) throws ApiException {
    if (header == null || header.isBlank()) {
      return V2023_06_01;
    }
    String asked = header.strip();
    if (!DATE.matcher(asked).matches()) {
      String shown = asked.length() <= 40 ? asked : asked.substring(0, 40) + "...";
      throw new ApiException(
          ApiError.invalidRequest(
              400,
              "invalid_value",
              "anthropic-version: '%s' is not a version; send %s or %s."
                  .formatted(shown, V2023_06_01.date, V2026_10_21.date)));
    }
    return asked.compareTo(V2026_10_21.date) >= 0 ? V2026_10_21 : V2023_06_01;
  }
}
