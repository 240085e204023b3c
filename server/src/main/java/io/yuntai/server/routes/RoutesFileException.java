package io.yuntai.server.routes;

import java.util.List;

/** A configuration file can't be used. */
public final class RoutesFileException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param problems one sentence each, with the place: {@code yuntai.toml:3:7: ...}
   */
  RoutesFileException(List<String> problems) {
    super(String.join("\n", problems), null, false, false);
  }
}
