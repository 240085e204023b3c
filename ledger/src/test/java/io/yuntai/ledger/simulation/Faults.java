package io.yuntai.ledger.simulation;

/**
 * How often things go wrong, in thousandths, and which wrong behaviour is switched on.
 *
 * @param lost an errand's question or answer is lost
 * @param doubled a question is asked twice
 * @param killed a gateway is killed, at each of its events
 * @param power of those, how many with their machine
 * @param paused a gateway stands still for long
 * @param limits a limit is changed
 * @param diskFull a gateway's disk is full for a while
 */
record Faults(int lost, int doubled, int killed, int power, int paused, int limits, int diskFull) {
  static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0);
  static final Faults MANY = new Faults(60, 60, 4, 300, 2, 4, 2);
}
