package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.money.Rounding;
import java.math.BigInteger;

/** What a commitment gives for each period, and what it costs. */
public sealed interface CommitmentTerms {
  /** Most tokens that a period can cover. */
  long MOST_TOKENS = 1_000_000_000_000_000L;

  /** Most nanos that a period can cost. */
  long MOST_NANO = 4_000_000_000_000_000_000L;

  /**
   * So many tokens of each period cost nothing.
   *
   * @param tokens above 0
   */
  record FreeTokens(long tokens) implements CommitmentTerms {
    public FreeTokens {
      checkTokens(tokens);
    }

    @Override
    public String kind() {
      return "free_tokens";
    }

    @Override
    public long feeNano() {
      return 0;
    }

    @Override
    public BigInteger capacity() {
      return BigInteger.valueOf(tokens);
    }
  }

  /**
   * So many tokens of each period are paid by a fee, whether they are used or not.
   *
   * @param tokens above 0
   * @param feeNano above 0
   */
  record Reservation(long tokens, long feeNano) implements CommitmentTerms {
    public Reservation {
      checkTokens(tokens);
      checkFee(feeNano);
    }

    @Override
    public String kind() {
      return "reservation";
    }

    @Override
    public BigInteger capacity() {
      return BigInteger.valueOf(tokens);
    }
  }

  /**
   * A sum is paid for each period, whether it is used or not; what is used for it costs a share of
   * its price.
   *
   * @param feeNano the sum, above 0
   * @param pays that share, above 0 and at most 1: 4/5 where a fifth is taken off
   */
  record SavingsPlan(long feeNano, Ratio pays) implements CommitmentTerms {
    public SavingsPlan {
      checkFee(feeNano);
      if (pays.num().signum() == 0 || pays.num().compareTo(pays.den()) > 0) {
        throw new MoneyException("A savings plan takes off less than all, not more than 100%.");
      }
    }

    @Override
    public String kind() {
      return "savings_plan";
    }

    /** What the sum buys, at prices without the plan: rounded down to a pico. */
    @Override
    public BigInteger capacity() {
      BigInteger pico =
          BigInteger.valueOf(feeNano).multiply(BigInteger.valueOf(Money.PICOS_PER_NANO));
      return Rounding.floor(pico.multiply(pays.den()), pays.num());
    }
  }

  /** As in the database. */
  String kind();

  /** What each period costs. */
  long feeNano();

  /** How much of a period is covered: tokens, or pico of a savings plan. */
  BigInteger capacity();

  private static void checkTokens(long tokens) {
    if (tokens <= 0 || tokens > MOST_TOKENS) {
      throw new MoneyException(
          "A commitment is for 1 to " + MOST_TOKENS + " tokens, not for " + tokens + ".");
    }
  }

  private static void checkFee(long feeNano) {
    if (feeNano <= 0 || feeNano > MOST_NANO) {
      throw new MoneyException("A commitment costs more than 0, and no absurd sum.");
    }
  }
}
