package io.yuntai.ledger.bank;

import java.util.List;
import java.util.UUID;

/**
 * What became of a batch: each of its request ids is in exactly one of the lists.
 *
 * @param fresh recorded now
 * @param known recorded earlier with the same content: nothing moved again
 * @param quarantined refused and kept aside: not recordable, or another record has that id
 */
public record Settled(List<UUID> fresh, List<UUID> known, List<UUID> quarantined) {
  /** Copies the lists. */
  public Settled {
    fresh = List.copyOf(fresh);
    known = List.copyOf(known);
    quarantined = List.copyOf(quarantined);
  }
}
