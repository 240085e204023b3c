package io.yuntai.server.gateway;

import java.util.Set;

/**
 * Who asks.
 *
 * @param id the key's id; never the key
 * @param name the key's name, for people
 * @param residency where this request demands that its data stays, any one of them; empty for no
 *     demand
 */
public record Principal(String id, String name, Set<String> residency) {
  /** Somebody, where no keys are asked for. */
  public static final Principal ANYONE = new Principal("anyone", "anyone");

  /** Commands on this machine, of the user whose server it is. */
  public static final Principal OPERATOR = new Principal("operator", "commands on this machine");

  /** Whether it may change what is served. */
  public boolean operates() {
    return id.equals(OPERATOR.id) || id.equals(ANYONE.id);
  }

  /** Copies the set. */
  public Principal {
    residency = Set.copyOf(residency);
  }

  /** Somebody who demands nothing. */
  public Principal(String id, String name) {
    this(id, name, Set.of());
  }

  /** The same, for a request whose data must stay in one of these places. */
  public Principal demanding(Set<String> places) {
    return new Principal(id, name, places);
  }
}
