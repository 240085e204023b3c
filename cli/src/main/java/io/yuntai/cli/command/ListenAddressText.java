package io.yuntai.cli.command;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses as the user wrote them. */
final class ListenAddressText {
  private ListenAddressText() {}

  /** Whether only this machine can reach the address. */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
