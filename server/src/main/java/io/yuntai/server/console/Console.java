package io.yuntai.server.console;

import io.yuntai.server.http.Api;
import java.util.Optional;

/** The pages of a server, made when it starts. */
@FunctionalInterface
public interface Console {
  /** No pages: APIs alone. */
  Console NONE = _ -> Optional.empty();

  /** Where a browser that opens {@code /} is sent. */
  String LANDING = "/console";

  /**
   * Opens them; empty for none.
   *
   * @param services of the server; live as long as it
   */
  Optional<Api> open(ConsoleServices services);
}
