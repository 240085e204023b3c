package io.yuntai.server;

import io.yuntai.engine.AdapterLimits;
import java.util.List;

/**
 * What adapters a server has.
 *
 * @param load loaded at the start, beside those that the home remembers
 * @param limits how many each model may have
 */
public record AdapterOptions(List<AdapterChoice> load, AdapterLimits limits) {
  /** Those that the home remembers. */
  public static final AdapterOptions DEFAULTS =
      new AdapterOptions(List.of(), AdapterLimits.DEFAULTS);

  /** Copies the list. */
  public AdapterOptions {
    load = List.copyOf(load);
  }
}
