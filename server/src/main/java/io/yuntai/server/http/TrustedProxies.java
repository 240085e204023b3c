package io.yuntai.server.http;

import io.yuntai.ledger.keys.Network;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whom to believe in who a client is. Each proxy adds, at the right end of {@code X-Forwarded-For},
 * whom it was asked by; so from the right, what trusted ones wrote is true, and the first address
 * that is no trusted proxy's is the client's. What stands left of it the client may have made up.
 */
final class TrustedProxies {
  private static final String HEADER = "X-Forwarded-For";

  /** Proxies in a row; with more, nobody but the nearest is believed. */
  private static final int MAX_HOPS = 32;

  private final List<Network> networks;

  /**
   * @param networks where they are; none believes nobody
   */
  TrustedProxies(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /** The header's name. */
  static String header() {
    return HEADER;
  }

  /**
   * Who asks.
   *
   * @param peer where the connection comes from
   * @param forwarded the header's lines, in their order
   */
  InetAddress client(InetAddress peer, List<String> forwarded) {
    if (networks.isEmpty() || !trusted(peer)) {
      return peer;
    }
    List<String> hops = new ArrayList<>();
    for (String line : forwarded) {
      hops.addAll(List.of(line.split(",", MAX_HOPS + 2)));
    }
    if (hops.size() > MAX_HOPS) {
      return peer;
    }
    InetAddress client = peer;
    for (String hop : hops.reversed()) {
      Optional<InetAddress> address = parse(hop.strip());
      if (address.isEmpty()) {
        return client; // what a trusted proxy can't name is no reason to believe what came before
      }
      client = address.get();
      if (!trusted(client)) {
        return client;
      }
    }
    return client;
  }

  private boolean trusted(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /** An address, as some proxies write it with a port. */
  private static Optional<InetAddress> parse(String text) {
    String host = text;
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      host = text.substring(1, bracket);
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
      host = text.substring(0, text.indexOf(':'));
    }
    if (!host.matches("[0-9]{1,3}([.][0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
