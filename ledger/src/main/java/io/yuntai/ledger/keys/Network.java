package io.yuntai.ledger.keys;

import io.yuntai.ledger.tenancy.RefusedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of IP addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
 *
 * @param address its first one
 * @param prefixBits how many bits all of them share, 0 to 32 or to 128
 */
public record Network(InetAddress address, int prefixBits) {
  /**
   * Reads one.
   *
   * @param text an address alone is a range of one
   * @throws RefusedException when it is none, or bits beyond the prefix are set
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    // IPv4 in all four parts: what inet_aton made of fewer is a trap.
    if (!host.matches("[0-9]{1,3}([.][0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
        || host.length() > 45
        || !(slash < 0 || bits.matches("[0-9]{1,3}"))) {
      throw none(text);
    }
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      throw none(text);
    }
    int size = address.getAddress().length * 8;
    int prefix = slash < 0 ? size : Integer.parseInt(bits);
    if (prefix > size) {
      throw none(text);
    }
    Network network = new Network(address, prefix);
    byte[] first = network.first();
    if (!Arrays.equals(first, address.getAddress())) {
      throw RefusedException.invalid(
          "ip_ranges",
          "%s is no range: bits beyond its prefix are set; did you mean %s/%d?"
              .formatted(text, shown(first), prefix));
    }
    return network;
  }

  private static RefusedException none(String text) {
    return RefusedException.invalid(
        "ip_ranges",
        "'%s' is no range of IP addresses: write 10.0.0.0/8, 203.0.113.7 or 2001:db8::/32."
            .formatted(text.length() <= 60 ? text : "..."));
  }

  private byte[] first() {
    byte[] bytes = address.getAddress();
    for (int bit = prefixBits; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
    }
    return bytes;
  }

  private static String shown(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  /** Whether an address lies in it; one of the other family never does. */
  public boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    int whole = prefixBits >> 3;
    for (int i = 0; i < whole; i++) {
      if (ours[i] != theirs[i]) {
        return false;
      }
    }
    int rest = prefixBits & 7;
    return rest == 0 || ((ours[whole] ^ theirs[whole]) & 0xff) >> (8 - rest) == 0;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}
