package io.yuntai.server.standing;

import java.time.Instant;
import java.util.List;

/**
 * Something that needs a person.
 *
 * @param kind what
 * @param since when it began, as far as anybody knows
 * @param tenant whose it is; empty for the server's
 * @param facts what fills the sentences about it, in an order that belongs to its kind
 * @param detail a sentence of a program, as it was; may be empty
 */
public record WorkItem(Kind kind, Instant since, String tenant, List<String> facts, String detail) {
  /** Copies the list. */
  public WorkItem {
    facts = List.copyOf(facts);
  }

  /** How soon somebody should look. */
  public enum Urgency {
    /** Something is wrong. */
    BAD,
    /** Something will go wrong. */
    WARN,
    /** Somebody may want to know. */
    INFO
  }

  /** What there can be. */
  public enum Kind {
    /** The database does not answer. Facts: none. */
    DATABASE_AWAY(Urgency.BAD),
    /** A rule of the ledger does not hold. Facts: the check, bad rows. */
    LEDGER_BROKEN(Urgency.BAD),
    /** Witnesses say different things. Facts: kind, how many. */
    DIFFERENCES(Urgency.BAD),
    /** Records that could not be written. Facts: reason, how many. */
    QUARANTINED(Urgency.BAD),
    /** An engine failed. Facts: model. */
    MODEL_BROKEN(Urgency.BAD),
    /** A model could not be loaded. Facts: model. */
    MODEL_FAILED(Urgency.BAD),
    /** A hard budget is used up. Facts: of what, amount, period, percent, unit. */
    BUDGET_USED_UP(Urgency.BAD),
    /** Nothing is left of credit. Facts: amount, percent. */
    CREDIT_USED_UP(Urgency.BAD),
    /** Hardly any disk is left. Facts: bytes left. */
    DISK_FULL(Urgency.BAD),
    /** A pull failed. Facts: model. */
    PULL_FAILED(Urgency.WARN),
    /** A budget is nearly used up, or a soft one is. Facts as of one that is used up. */
    BUDGET_NEAR(Urgency.WARN),
    /** Credit is nearly used up. Facts: amount, percent. */
    CREDIT_NEAR(Urgency.WARN),
    /** Alerts could not be told. Facts: to whom, how many. */
    ALERTS_UNDELIVERED(Urgency.WARN),
    /** A target of routes is left out. Facts: target. */
    TARGET_OPEN(Urgency.WARN),
    /** Disk gets scarce. Facts: bytes left. */
    DISK_LOW(Urgency.WARN),
    /** Requests wait for a place. Facts: how many. */
    QUEUE_LONG(Urgency.WARN),
    /** The books could not be verified for long. Facts: none. */
    LEDGER_UNVERIFIED(Urgency.WARN),
    /** No backup was ever made. Facts: none. */
    BACKUP_NONE(Urgency.WARN),
    /** The last backup is old. Facts: none; since is when it was made. */
    BACKUP_OLD(Urgency.WARN),
    /** PostgreSQL was started again. Facts: none. */
    DATABASE_RESTARTED(Urgency.INFO);

    private final Urgency urgency;

    Kind(Urgency urgency) {
      this.urgency = urgency;
    }

    /** How soon somebody should look. */
    public Urgency urgency() {
      return urgency;
    }
  }
}
