package io.yuntai.console;

import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import java.util.List;

/**
 * A package of the console: its pages, its endpoints, its texts ({@code messages_en.properties} and
 * {@code messages_zh.properties} beside its class, keys beginning with its name) and its scripts
 * and styles (in the folder {@code assets} beside its class).
 */
public interface Feature {
  /** Its pages. */
  List<Page> pages();

  /** What its scripts ask for. */
  default List<Endpoint> endpoints() {
    return List.of();
  }

  /** Names of its files in the folder {@code assets}; unlike all others'. */
  default List<String> assets() {
    return List.of();
  }

  /** Ends what it began, when the server stops. */
  default void close() {}
}
