package io.yuntai.ledger.tenancy;

import java.util.List;
import java.util.Optional;

/**
 * Some of a list.
 *
 * @param items in the list's order
 * @param next the cursor of what follows; empty where nothing does
 */
public record Page<T>(List<T> items, Optional<String> next) {
  /** Copies the list. */
  public Page {
    items = List.copyOf(items);
  }
}
