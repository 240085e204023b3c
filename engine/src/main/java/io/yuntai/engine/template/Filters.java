package io.yuntai.engine.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Jinja's filters by name. */
final class Filters {
  /** A filter. */
  interface Filter {
    Value apply(Evaluator evaluator, Value value, Arguments arguments);
  }

  /** Those that make HTML, or are not the same each time. */
  private static final Set<String> REFUSED =
      Set.of(
          "e",
          "escape",
          "filesizeformat",
          "forceescape",
          "pprint",
          "random",
          "striptags",
          "urlize",
          "urlencode",
          "wordwrap",
          "xmlattr");

  private static final Map<String, Filter> FILTERS = new HashMap<>();

  static {
    FILTERS.put("tojson", JsonPrinter::filter);
    TextFilters.register(FILTERS);
    NumberFilters.register(FILTERS);
    SequenceFilters.register(FILTERS);
    SelectingFilters.register(FILTERS);
  }

  private Filters() {}

  static boolean exists(String name) {
    return FILTERS.containsKey(name);
  }

  /**
   * @throws RenderFailure for an unknown name
   */
  static Filter find(String name) {
    Filter filter = FILTERS.get(name);
    if (filter == null) {
      throw new RenderFailure(
          REFUSED.contains(name)
              ? "the filter '%s' is not supported in chat templates".formatted(name)
              : "there is no filter named '%s'".formatted(name));
    }
    return filter;
  }
}
