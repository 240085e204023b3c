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

  /** Pages that are open. */
  interface Pages extends Api, AutoCloseable {
    /** Ends what they began. */
    @Override
    void close();
  }

  /**
   * Opens them; empty for none.
   *
   * @param services of the server; live as long as it
   */
  Optional<Pages> open(ConsoleServices services);
}
