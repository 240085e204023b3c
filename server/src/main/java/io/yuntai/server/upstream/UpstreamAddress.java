package io.yuntai.server.upstream;

import java.net.URI;
import java.util.Locale;

/**
 * Where an upstream is.
 *
 * @param tls whether by HTTPS
 * @param host a name or an address without brackets
 * @param port 1 to 65535
 * @param basePath what its base URL has for a path, without a slash at the end; may be empty
 */
public record UpstreamAddress(boolean tls, String host, int port, String basePath) {
  /**
   * Reads a base URL.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  public static UpstreamAddress of(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + url + "' is not a URL: " + e.getMessage(), e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    if (!tls && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "the URL '" + url + "' must begin with http:// or https://");
    }
    if (uri.getHost() == null || uri.getHost().isEmpty()) {
      throw new IllegalArgumentException("the URL '" + url + "' names no host");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "the URL '" + url + "' must have no user, query or fragment");
    }
    String host = uri.getHost();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new UpstreamAddress(
        tls,
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80,
        path);
  }

  /** The {@code Host} header. */
  String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }
}
