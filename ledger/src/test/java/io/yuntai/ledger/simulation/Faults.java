package io.yuntai.ledger.simulation;

/**
 * How often things go wrong, in thousandths, and for how long.
 *
 * @param lost an errand's question or answer is lost
 * @param doubled a question is asked twice
 * @param killed a gateway is killed, at each of its events, in hundred-thousandths
 * @param power of those, how many with their machine
 * @param downMillis at most so long until it is started again
 * @param paused a gateway stands still for long, in hundred-thousandths
 * @param limits a limit is changed
 * @param diskFull a gateway's disk is full or not any more, in hundred-thousandths
 * @param outages the bank answers nobody for some seconds, at each half second
 */
record Faults(
    int lost,
    int doubled,
    int killed,
    int power,
    int downMillis,
    int paused,
    int limits,
    int diskFull,
    int outages) {
  static final Faults NONE = new Faults(0, 0, 0, 0, 1, 0, 0, 0, 0);
  static final Faults MANY = new Faults(80, 120, 60, 300, 4_000, 30, 8, 15, 30);

  /** Gateways die and soon come back: nothing of theirs may wait until its lease expires. */
  static final Faults RESTARTS = new Faults(0, 0, 80, 300, 500, 0, 0, 0, 0);

  /** Machines die while the bank answers nobody: what ended is in journals only. */
  static final Faults OUTAGES = new Faults(0, 0, 80, 600, 1_000, 0, 0, 0, 150);
}
