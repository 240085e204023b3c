package io.yuntai.server.gateway;

/**
 * Who asks.
 *
 * @param id the key's id; never the key
 * @param name the key's name, for people
 */
public record Principal(String id, String name) {
  /** Somebody, where no keys are asked for. */
  public static final Principal ANYONE = new Principal("anyone", "anyone");

  /** Commands on this machine, of the user whose server it is. */
  public static final Principal OPERATOR = new Principal("operator", "commands on this machine");

  /** Whether it may change what is served. */
  public boolean operates() {
    return equals(OPERATOR) || equals(ANYONE);
  }
}
