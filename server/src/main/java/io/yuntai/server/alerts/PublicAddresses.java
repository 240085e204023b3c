package io.yuntai.server.alerts;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Which addresses are the internet's, and not this house's or this machine's. */
final class PublicAddresses {
  private PublicAddresses() {}

  /**
   * The address of a host; with several, all must be the internet's.
   *
   * @param allowsPrivate whether others do too
   * @throws IOException with a sentence, where there is none that may be called
   */
  static InetAddress resolve(String host, boolean allowsPrivate) throws IOException {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IOException("The host %s has no address.".formatted(host), e);
    }
    for (InetAddress address : all) {
      if (!allowsPrivate && !isPublic(address)) {
        throw new IOException(
            ("The host %s is at an address that is not the internet's, which the operator of this"
                    + " server has not allowed.")
                .formatted(host));
      }
    }
    return all[0];
  }

  /** Whether an address is one of the internet's (the IANA registries of special addresses). */
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int first = bytes[0] & 0xFF;
    int second = bytes[1] & 0xFF;
    int third = bytes[2] & 0xFF;
    return first != 0
        && first < 240
        && !(first == 100 && second >= 64 && second < 128) // carriers' own
        && !(first == 192 && second == 0 && (third == 0 || third == 2))
        && !(first == 198 && (second == 18 || second == 19)) // measurements
        && !(first == 198 && second == 51 && third == 100)
        && !(first == 203 && second == 0 && third == 113);
  }

  /** Only what is handed out (2000::/3), without those that carry an address of IPv4. */
  private static boolean isPublic6(byte[] bytes) {
    int first = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
    int second = ((bytes[2] & 0xFF) << 8) | (bytes[3] & 0xFF);
    return first >> 13 == 1
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0DB8))
        && first != 0x3FFF;
  }
}
