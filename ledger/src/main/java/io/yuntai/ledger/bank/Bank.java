package io.yuntai.ledger.bank;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a gateway node asks of whoever keeps the counters. Every call may be sent again when its
 * answer did not come: nothing is counted twice. Safe for use by many threads.
 */
public interface Bank extends Receipts {
  /** Most asks in one {@link #grant}, and most leases in one {@link #release}. */
  int MAX_ASKS = 4096;

  /** Most records in one {@link #settle}. */
  int MAX_BATCH = 10_000;

  /**
   * Begins a new life of the node with this name: its epoch is the old one + 1, and every older one
   * is fenced from now on. Leases of older epochs stay open until the node releases them (when it
   * has settled what its journal holds) or until they are reaped.
   */
  Node register(String name);

  /**
   * Leases from counters. A counter that can't give an ask's least, or whose window has not begun
   * or is over for an hour, is missing in the answer, and leases that others hold on it are
   * recalled. Within that hour only requests may draw from it that were let in before the window's
   * end; whoever asks sees to that. So that nobody starves the others, a grant is at most half of
   * what is left divided by the number of active nodes, but never less than the ask's least: with
   * little left, a lease is for one request.
   *
   * <p>Sent again after an unclear answer it may lease twice; what the first one leased goes back
   * when it expires.
   *
   * @param ttl how long a grant is valid at most; it does not outlive its counter's window, unless
   *     that is over
   * @throws FencedException when the node has a newer epoch
   */
  List<Grant> grant(Node node, List<Ask> asks, Duration ttl);

  /**
   * Records usage and takes it from the leases, in one transaction: all of a batch, or nothing of
   * it and an exception (then send it again). One bad record never blocks the others: it goes to
   * quarantine.
   */
  Settled settle(List<UsageRecord> batch);

  /**
   * Closes leases: what is unspent returns to their counters. What was captured on a lease must be
   * settled first; what comes later is the operator's loss. Leases of the node's older epochs may
   * be released too; those of other nodes, and those closed already, are passed over.
   *
   * @throws FencedException when the node has a newer epoch
   */
  void release(Node node, List<Long> leaseIds);

  /**
   * Says that the node lives, and asks which of its leases it shall release soon, because a counter
   * has nothing left for others or its limit was lowered.
   *
   * @throws FencedException when the node has a newer epoch
   */
  List<Long> recalled(Node node);

  /**
   * Keeps leases alive on which requests are under way, also past the end of their counter's
   * window: a request belongs to the windows of its authorisation.
   *
   * @param ttl how long from now
   * @return those of these leases that live on; the others are closed
   * @throws FencedException when the node has a newer epoch
   */
  List<Long> renew(Node node, List<Long> leaseIds, Duration ttl);

  /**
   * Gives back what the node does not need of its leases while requests still draw from them. Sent
   * again it changes nothing; of several, the smallest counts.
   *
   * @param kept how much of each lease stays: what requests hold, and what was captured, settled or
   *     not
   * @throws FencedException when the node has a newer epoch
   */
  void shrink(Node node, List<Draw> kept);

  /**
   * Open leases of this node's older epochs, {@link #MAX_ASKS} at most: to be released once what
   * its journal holds is settled.
   */
  List<Long> inherited(Node node);

  /** The bank's clock, which all windows go by. */
  Instant now();
}
