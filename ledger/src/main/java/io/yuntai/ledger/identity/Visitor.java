package io.yuntai.ledger.identity;

import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Texts;
import java.util.Optional;

/**
 * Who wants to be let in, as far as a connection shows it.
 *
 * @param origin the address of the connection
 * @param agent what the program calls itself; cut to 200 printable characters
 * @param session the token of the session that it has already; it ends when another begins
 */
public record Visitor(String origin, String agent, Optional<String> session) {
  private static final int MAX_AGENT_CHARS = 200;

  /** Cuts the agent. */
  public Visitor {
    StringBuilder printable = new StringBuilder();
    agent
        .codePoints()
        .filter(Texts::isPrintable)
        .limit(MAX_AGENT_CHARS)
        .forEach(printable::appendCodePoint);
    agent = printable.toString();
  }

  /** For the audit log. */
  Actor as(String name) {
    return new Actor(name, origin);
  }

  /** Addresses that one household or office has: /24 of IPv4, /64 of IPv6. */
  String network() {
    if (origin.indexOf(':') >= 0) {
      String[] groups = origin.split(":", -1);
      return String.join(":", java.util.Arrays.copyOf(groups, Math.min(4, groups.length)));
    }
    int last = origin.lastIndexOf('.');
    return last < 0 ? origin : origin.substring(0, last);
  }
}
