package io.yuntai.server.telemetry;

/** A part of the way of a request whose beginning and end are told. */
public enum Stage {
  /** Finding out who asks. */
  AUTH,
  /** Asking the budgets and holding what the answer may cost. */
  HOLD,
  /** Writing down what it cost, until that survives the machine. */
  SETTLE
}
