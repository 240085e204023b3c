package io.yuntai.ledger.accounts;

import java.math.BigInteger;
import java.time.Instant;

/**
 * A line of a statement of account.
 *
 * @param at when it was entered
 * @param reference the invoice's number, the payment's reference; empty where it has none
 * @param owedNano what it adds to what the organisation owes
 * @param creditNano what it adds to what the organisation has paid for and not got yet
 */
public record StatementLine(
    Instant at, Kind kind, String reference, BigInteger owedNano, BigInteger creditNano) {
  /** What happened. */
  public enum Kind {
    /** An invoice was issued: what was due of it. */
    INVOICE("invoice"),
    /** A credit note was issued. */
    CREDIT_NOTE("credit note"),
    /** Money came. */
    PAYMENT("payment"),
    /** Money was given back. */
    REFUND("refund"),
    /** Credit was bought. */
    CREDIT("credit bought"),
    /** Credit expired that nobody had used. */
    EXPIRY("credit expired"),
    /** Requests were paid with credit. */
    USAGE("usage paid by credit"),
    /** What was used and no invoice has had, compared with the beginning of the statement. */
    NOT_INVOICED("change of usage not yet invoiced"),
    /** Another entry of the ledger. */
    OTHER("other entry");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** In words. */
    public String text() {
      return text;
    }

    /** The kind of an entry of the ledger. */
    static Kind of(String entry) {
      return switch (entry) {
        case "invoice" -> INVOICE;
        case "credit-note" -> CREDIT_NOTE;
        case Accounts.PAYMENT -> PAYMENT;
        case Accounts.REFUND -> REFUND;
        case "credit" -> CREDIT;
        case "expiry" -> EXPIRY;
        default -> OTHER;
      };
    }
  }
}
