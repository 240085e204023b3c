package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** What a request's headers say about its sender and its body. */
final class RequestHeaders {
  private static final String BEARER = "bearer ";

  private RequestHeaders() {}

  /** The bearer token; empty where there is none. */
  static String bearerToken(HttpFields headers) {
    String value = headers.get(HttpHeader.AUTHORIZATION);
    return value != null && value.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? value.substring(BEARER.length()).strip()
        : "";
  }

  /** Whether a body follows. */
  static boolean announceBody(HttpFields headers) {
    return headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0
        || headers.contains(HttpHeader.TRANSFER_ENCODING);
  }

  /**
   * Lets JSON in UTF-8 through.
   *
   * <p>The type that {@code curl -d} sends by itself is let through too, as everybody's first try
   * uses it. A browser's form sends the same type, without asking the server first, from any page:
   * so not together with an {@code Origin}.
   *
   * @throws ApiException 415
   */
  static void requireJson(HttpFields headers) throws ApiException {
    String encoding = headers.get(HttpHeader.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw unsupported("Content-Encoding '" + shortened(encoding) + "'");
    }
    String type = headers.get(HttpHeader.CONTENT_TYPE);
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    boolean fits =
        switch (media) {
          case "application/json", "text/json" -> true;
          case "", "application/x-www-form-urlencoded" -> !headers.contains(HttpHeader.ORIGIN);
          default -> media.startsWith("application/") && media.endsWith("+json");
        };
    if (!fits || !isUtf8(type)) {
      throw unsupported("Content-Type '" + shortened(type == null ? "" : type) + "'");
    }
  }

  /**
   * Lets a page's form through.
   *
   * @throws ApiException 415
   */
  static void requireForm(HttpFields headers) throws ApiException {
    String type = headers.get(HttpHeader.CONTENT_TYPE);
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals("application/x-www-form-urlencoded") || !isUtf8(type)) {
      throw new ApiException(
          ApiError.invalidRequest(
              415,
              "unsupported_media_type",
              "A form of a page is sent here, of 'application/x-www-form-urlencoded' in UTF-8."));
    }
  }

  private static boolean isUtf8(@Nullable String type) {
    if (type == null) {
      return true;
    }
    String parameters = type.toLowerCase(Locale.ROOT);
    int at = parameters.indexOf("charset=");
    if (at < 0) {
      return true;
    }
    String charset = parameters.substring(at + "charset=".length()).split(";", 2)[0].strip();
    return charset.replace("\"", "").matches("utf-?8|us-ascii");
  }

  private static ApiException unsupported(String what) {
    return new ApiException(
        ApiError.invalidRequest(
            415,
            "unsupported_media_type",
            what + " is not supported; send JSON in UTF-8 with Content-Type 'application/json'."));
  }

  private static String shortened(String value) {
    return value.length() <= 100 ? value : value.substring(0, 100) + "...";
  }
}
