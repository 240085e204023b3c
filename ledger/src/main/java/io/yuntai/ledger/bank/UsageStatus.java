package io.yuntai.ledger.bank;

/** How a request ended. The codes are in the database: never change one. */
public enum UsageStatus {
  /** The answer came to its end. */
  COMPLETED(0),
  /** The client left; what it had received is what is charged. */
  CANCELLED(1),
  /** The answer was ended because a budget had nothing left. */
  BUDGET_STOPPED(2),
  /** The engine or the upstream failed; what the client had received is what is charged. */
  FAILED(3);

  private final int code;

  UsageStatus(int code) {
    this.code = code;
  }

  /** The number that stands for it in the database. */
  public int code() {
    return code;
  }

  /** The status that a number of the database stands for. */
  public static UsageStatus of(int code) {
    for (UsageStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("no usage status has the number " + code);
  }
}
