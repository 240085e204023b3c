package io.yuntai.ledger.tenancy;

/**
 * Who makes a change, for the audit log.
 *
 * @param name such as {@code operator}, {@code key:4f9a...}, {@code user:li@acme.example} or {@code
 *     cli:root}; at most 200 characters, the rest is cut
 * @param origin where from: an IP address, or {@code local}
 */
public record Actor(String name, String origin) {
  private static final int MAX_NAME_CHARS = 200;

  /** Cuts the name, which may hold an address of 254 characters. */
  public Actor {
    name = name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS);
  }
}
