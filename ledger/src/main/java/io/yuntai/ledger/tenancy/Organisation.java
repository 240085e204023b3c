package io.yuntai.ledger.tenancy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;

/**
 * A tenant: whoever uses this server for itself and pays for it.
 *
 * @param id row of the table {@code org}
 * @param name unique among those that aren't deleted; stands in URLs and commands
 * @param title for people; may be empty
 * @param currency of its budgets, credit and invoices: three letters of ISO 4217
 * @param billing whether it pays before or after
 * @param status whether it is served
 * @param timeZone where its days begin
 * @param failOpen whether requests are let in when budgets can't be asked
 * @param answersGoOn whether answers go on whose clients leave, unless a request says otherwise
 * @param created when it was made
 * @param version grows with each change
 */
public record Organisation(
    long id,
    String name,
    String title,
    String currency,
    Billing billing,
    Status status,
    ZoneId timeZone,
    boolean failOpen,
    boolean answersGoOn,
    Instant created,
    long version) {
  /** The one of whoever runs this server: keys and projects belong to it unless it is said. */
  public static final String DEFAULT = "default";

  /** Row of {@link #DEFAULT}. */
  public static final long DEFAULT_ID = 1;

  /** When it pays. */
  public enum Billing {
    /** Before: nothing is served beyond its credit. */
    PREPAID,
    /** After, by an invoice. */
    POSTPAID;

    /** The name in APIs and tables. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The value of this name. */
    public static Billing of(String label) {
      return switch (label) {
        case "prepaid" -> PREPAID;
        case "postpaid" -> POSTPAID;
        default ->
            throw RefusedException.invalid(
                "billing",
                "billing is prepaid or postpaid, not '%s'."
                    .formatted(RefusedException.shown(label)));
      };
    }
  }

  /** Whether it is served. */
  public enum Status {
    /** It is. */
    ACTIVE,
    /** Its keys are refused until it is resumed. */
    SUSPENDED,
    /** Its keys are refused for ever; its name is free again. */
    DELETED;

    /** The name in APIs and tables. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Status of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }
}
