package io.yuntai.models.pull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Proxies as command-line programs take them from the environment: {@code HTTPS_PROXY}, {@code
 * HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}, in either case; without them, what the JDK
 * was told ({@code -Dhttps.proxyHost}, the system's settings).
 */
final class EnvironmentProxies extends ProxySelector {
  private final Map<String, String> environment;
  private final ProxySelector otherwise;

  EnvironmentProxies(Map<String, String> environment, ProxySelector otherwise) {
    this.environment = environment;
    this.otherwise = otherwise;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    String proxy = variable(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT) + "_proxy");
    if (proxy.isEmpty()) {
      proxy = variable("all_proxy");
    }
    if (proxy.isEmpty()) {
      return otherwise.select(uri);
    }
    if (isLoopback(host) || isExempt(host)) {
      return List.of(Proxy.NO_PROXY);
    }
    try {
      URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
      int port = address.getPort() < 0 ? 80 : address.getPort();
      if (address.getHost() != null) {
        return List.of(
            new Proxy(
                Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
      }
    } catch (IllegalArgumentException e) {
      // No address: as if it were not set, like other programs do.
    }
    return otherwise.select(uri);
  }

  private boolean isExempt(String host) {
    return Arrays.stream(variable("no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+"))
        .map(entry -> entry.replaceAll(":\\d+$", "").replaceAll("^\\*?\\.", ""))
        .anyMatch(entry ->
            entry.equals("*")
                || (!entry.isEmpty() && (host.equals(entry) || host.endsWith("." + entry))));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private String variable(String lowerCaseName) {
    String lower = environment.getOrDefault(lowerCaseName, "");
    return lower.isBlank()
        ? environment.getOrDefault(lowerCaseName.toUpperCase(Locale.ROOT), "").strip()
        : lower.strip();
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException cause) {
    Objects.requireNonNull(cause); // The transfer reports it; there is no second proxy to turn to.
  }
}
