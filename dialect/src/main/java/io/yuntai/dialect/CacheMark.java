package io.yuntai.dialect;

/**
 * Up to where, and for how long, a client wants a conversation stored. Only upstreams that charge
 * for it are told: our engines find again whatever they have computed.
 */
public enum CacheMark {
  /** Nothing is said. */
  NONE,
  /** Five minutes after its last use. */
  SHORT,
  /** An hour after its last use. */
  LONG
}
