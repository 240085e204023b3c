package io.yuntai.ledger.invoices;

import java.math.BigInteger;
import java.time.Instant;

/**
 * What a commitment covered in one of its periods.
 *
 * @param commitment its id
 * @param begin of the period
 * @param units tokens, or pico of a savings plan
 */
public record CoveredUnits(long commitment, Instant begin, BigInteger units) {
  /** As a line of an invoice's body. */
  String text() {
    return commitment + " " + begin + " " + units;
  }

  /**
   * Reads a {@link #text}.
   *
   * @throws IllegalArgumentException when it is none
   */
  static CoveredUnits of(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 3) {
      throw new IllegalArgumentException(text);
    }
    return new CoveredUnits(
        Long.parseLong(words[0]), Instant.parse(words[1]), new BigInteger(words[2]));
  }
}
