package io.yuntai.server.http;

import java.nio.charset.StandardCharsets;

/** Names in paths. */
public final class PercentEncoding {
  private PercentEncoding() {}

  /** A name as it was before it was encoded; what is malformed stays as it is. */
  public static String decode(String encoded) {
    byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
    int size = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
      if (low >= 0) {
        bytes[size++] = (byte) (high * 16 + low);
        i += 2;
      } else {
        bytes[size++] = bytes[i];
      }
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }
}
