package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.util.OptionalLong;

/**
 * The version that somebody read before asking for a change, so that nobody's change is lost.
 *
 * @param number empty where any will do
 */
public record ExpectedVersion(OptionalLong number) {
  /** Whatever is there now. */
  public static final ExpectedVersion ANY = new ExpectedVersion(OptionalLong.empty());

  /** This one and no other. */
  public static ExpectedVersion of(long number) {
    return new ExpectedVersion(OptionalLong.of(number));
  }

  /**
   * Says no where another version is there.
   *
   * @throws RefusedException when the versions differ
   */
  public void check(long actual) {
    if (number.isPresent() && number.getAsLong() != actual) {
      throw new RefusedException(
          Reason.CHANGED,
          "",
          "It has been changed since: you read version %d, it is at %d now. Read it again."
              .formatted(number.getAsLong(), actual));
    }
  }
}
