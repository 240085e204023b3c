package io.yuntai.dialect.upstream;

import java.util.List;

/**
 * An HTTP POST of JSON to an upstream. {@code Content-Type}, {@code Content-Length}, {@code Host}
 * and credentials come from elsewhere.
 *
 * @param path begins with {@code /} and follows the upstream's base URL, which for OpenAI ends in
 *     {@code /v1}; may hold a query
 * @param headers further headers, such as {@code anthropic-version}
 * @param body UTF-8
 */
public record UpstreamCall(String path, List<Header> headers, byte[] body) {
  /** Copies the list. */
  public UpstreamCall {
    headers = List.copyOf(headers);
  }

  /**
   * A header.
   *
   * @param name in lower case
   * @param value printable ASCII
   */
  public record Header(String name, String value) {}
}
