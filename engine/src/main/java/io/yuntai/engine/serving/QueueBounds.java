package io.yuntai.engine.serving;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many generations have begun and not ended, in all and of each namespace. Safe for use by many
 * threads.
 */
final class QueueBounds {
  private final int most;
  private final int mostPerNamespace;
  private final Map<String, Integer> unfinished = new HashMap<>();
  private int total;

  /**
   * @param most generations in all, running and waiting
   * @param mostPerNamespace of these, of any one namespace
   */
  QueueBounds(int most, int mostPerNamespace) {
    this.most = most;
    this.mostPerNamespace = mostPerNamespace;
  }

  /**
   * Counts one in.
   *
   * @param running how many have a place, for the message
   * @return what is full, in which case nothing was counted
   */
  synchronized Optional<String> enter(String namespace, int running) {
    if (total == most) {
      return Optional.of(most - running + " requests are waiting already");
    }
    int ofNamespace = unfinished.getOrDefault(namespace, 0);
    if (ofNamespace == mostPerNamespace) {
      return Optional.of(ofNamespace + " of your requests are running or waiting already");
    }
    unfinished.put(namespace, ofNamespace + 1);
    total++;
    return Optional.empty();
  }

  /** Counts one out. */
  synchronized void leave(String namespace) {
    total--;
    unfinished.merge(namespace, -1, (count, change) -> count == 1 ? null : count + change);
  }
}
