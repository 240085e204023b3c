package io.yuntai.ledger.usage;

import io.yuntai.ledger.prices.Meter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that shows that a request's amount is right: its row, the prices that it was rated by, what
 * engines say they computed, and the entry of the ledger that it is part of.
 *
 * @param row what was recorded
 * @param prices what it was rated by; empty where it was free
 * @param receipts of each engine that worked on it
 * @param entry the ledger's
 */
public record ProvenRequest(
    UsageExport.Row row, Optional<Prices> prices, List<Receipt> receipts, Entry entry) {
  /** Copies the list. */
  public ProvenRequest {
    receipts = List.copyOf(receipts);
  }

  /**
   * Prices that apply to one request.
   *
   * @param card the rate card that its row cites
   * @param cardSha256 its hash
   * @param book name and version of the price book that the card was made of, {@code list@2}
   * @param bookSha256 the book's hash
   * @param parts what each kind of tokens came to; their sum is the request's amount
   */
  public record Prices(
      long card, String cardSha256, String book, String bookSha256, List<Part> parts) {
    /** Copies the list. */
    public Prices {
      parts = List.copyOf(parts);
    }

    /** What all parts come to. */
    public BigDecimal sum() {
      return parts.stream().map(Part::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }

  /**
   * Tokens of a kind and their price.
   *
   * @param units how many
   * @param pricePico of one, in pico of the currency
   */
  public record Part(Meter meter, long units, long pricePico) {
    /** What they come to, with 12 decimals. */
    public BigDecimal amount() {
      return BigDecimal.valueOf(units).multiply(BigDecimal.valueOf(pricePico, 12));
    }
  }

  /**
   * What an engine says it computed.
   *
   * @param engine its name
   * @param generated tokens that it made
   */
  public record Receipt(String engine, long input, long cacheHit, long generated, Instant at) {}

  /**
   * An entry of the tenant's chain.
   *
   * @param seq its number
   * @param kind such as {@code usage}
   * @param requests how many it has, this one among them
   * @param hash its own, in hexadecimal
   * @param previous that of the entry before
   * @param lines what it moved
   */
  public record Entry(
      long seq,
      Instant at,
      String kind,
      int requests,
      String hash,
      String previous,
      List<Line> lines) {
    /** Copies the list. */
    public Entry {
      lines = List.copyOf(lines);
    }
  }

  /** An amount that goes from one account to another. */
  public record Line(int line, String debit, String credit, BigDecimal amount, String currency) {}
}
