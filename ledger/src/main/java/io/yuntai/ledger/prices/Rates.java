package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.Money;
import java.util.Arrays;
import java.util.List;

/**
 * What the tokens of one request cost: the prices of a rate card for one model, service class and
 * instant. Immutable; every method is a few additions and multiplications and allocates nothing but
 * its result.
 */
public final class Rates {
  /** Everything costs nothing. */
  public static final Rates FREE = new Rates(List.of(new Tier(Long.MAX_VALUE, 0, 0, 0, 0, 0)));

  private final Tier[] tiers;

  /**
   * The prices of a request by its input length.
   *
   * @param inputBelow the first length that is not in this tier any more
   * @param inputPico the price of a token in pico, like the others
   */
  public record Tier(
      long inputBelow,
      long inputPico,
      long cacheHitPico,
      long cacheWritePico,
      long outputPico,
      long reasoningPico) {
    public Tier {
      for (long pico :
          new long[] {inputPico, cacheHitPico, cacheWritePico, outputPico, reasoningPico}) {
        if (pico < 0 || pico > PriceLimits.MAX_TOKEN_PICO) {
          throw new IllegalArgumentException("a price of " + pico + " pico");
        }
      }
    }

    /** No token of a prompt costs more, wherever it is found. */
    long dearestInputPico() {
      return Math.max(inputPico, Math.max(cacheHitPico, cacheWritePico));
    }

    long dearestOutputPico() {
      return Math.max(outputPico, reasoningPico);
    }
  }

  /**
   * @param tiers by growing {@code inputBelow}, the last one {@code Long.MAX_VALUE}
   */
  public Rates(List<Tier> tiers) {
    this.tiers = tiers.toArray(Tier[]::new);
    long below = 0;
    for (Tier tier : this.tiers) {
      if (tier.inputBelow() <= below) {
        throw new IllegalArgumentException("tiers must grow: " + tiers);
      }
      below = tier.inputBelow();
    }
    if (below != Long.MAX_VALUE) {
      throw new IllegalArgumentException("the last tier must be open: " + tiers);
    }
  }

  /** The exact price of what a request used. */
  public Charge charge(MeteredTokens tokens) {
    Tier tier = tierOf(tokens.inputLength());
    long nano = 0;
    long pico = 0;
    long input = tier.inputPico();
    long hit = tier.cacheHitPico();
    long write = tier.cacheWritePico();
    long output = tier.outputPico();
    long thought = tier.reasoningPico();
    nano += tokens.input() * (input / Money.PICOS_PER_NANO);
    pico += tokens.input() * (input % Money.PICOS_PER_NANO);
    nano += tokens.cacheHit() * (hit / Money.PICOS_PER_NANO);
    pico += tokens.cacheHit() * (hit % Money.PICOS_PER_NANO);
    nano += tokens.cacheWrite() * (write / Money.PICOS_PER_NANO);
    pico += tokens.cacheWrite() * (write % Money.PICOS_PER_NANO);
    nano += tokens.output() * (output / Money.PICOS_PER_NANO);
    pico += tokens.output() * (output % Money.PICOS_PER_NANO);
    nano += tokens.reasoning() * (thought / Money.PICOS_PER_NANO);
    pico += tokens.reasoning() * (thought % Money.PICOS_PER_NANO);
    return new Charge(
        Math.addExact(nano, pico / Money.PICOS_PER_NANO), (int) (pico % Money.PICOS_PER_NANO));
  }

  /**
   * What is surely enough for a request of at most so many tokens: no request with an input length
   * up to {@code inputTokens} that generates up to {@code outputTokens} is charged more. It assumes
   * that no cache helps, takes the dearest tier that such an input can reach, and rounds up.
   *
   * <p>To extend a hold, ask for the new total and add the difference.
   *
   * @param inputTokens 0 to {@link MeteredTokens#MAX_COUNT}
   * @param outputTokens 0 to {@link MeteredTokens#MAX_COUNT}
   */
  public long holdNano(long inputTokens, long outputTokens) {
    checkCount(inputTokens);
    checkCount(outputTokens);
    long dearest = 0;
    for (Tier tier : tiers) {
      dearest = Math.max(dearest, holdNano(tier, inputTokens, outputTokens));
      if (inputTokens < tier.inputBelow()) {
        break;
      }
    }
    return dearest;
  }

  /**
   * The most tokens that can be generated for an amount after a prompt: the largest {@code n} with
   * {@code holdNano(inputTokens, n) <= nano}, at most {@link MeteredTokens#MAX_COUNT}; -1 when not
   * even the prompt can be paid.
   */
  public long outputWithin(long inputTokens, long nano) {
    if (holdNano(inputTokens, 0) > nano) {
      return -1;
    }
    long fits = 0;
    long exceeds = MeteredTokens.MAX_COUNT + 1L;
    while (exceeds - fits > 1) {
      long middle = (fits + exceeds) >>> 1;
      if (holdNano(inputTokens, middle) <= nano) {
        fits = middle;
      } else {
        exceeds = middle;
      }
    }
    return fits;
  }

  /** By growing {@code inputBelow}. */
  public List<Tier> tiers() {
    return List.of(tiers);
  }

  /** The tier whose prices a request of this input length pays. */
  public Tier tierOf(long inputLength) {
    for (Tier tier : tiers) {
      if (inputLength < tier.inputBelow()) {
        return tier;
      }
    }
    throw new IllegalStateException("the last tier is open");
  }

  private static long holdNano(Tier tier, long inputTokens, long outputTokens) {
    long input = tier.dearestInputPico();
    long output = tier.dearestOutputPico();
    long pico =
        inputTokens * (input % Money.PICOS_PER_NANO)
            + outputTokens * (output % Money.PICOS_PER_NANO);
    long nano =
        inputTokens * (input / Money.PICOS_PER_NANO)
            + outputTokens * (output / Money.PICOS_PER_NANO);
    return Math.addExact(nano, Math.ceilDiv(pico, Money.PICOS_PER_NANO));
  }

  private static void checkCount(long tokens) {
    if (tokens < 0 || tokens > MeteredTokens.MAX_COUNT) {
      throw new IllegalArgumentException("a hold for " + tokens + " tokens");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rates rates && Arrays.equals(tiers, rates.tiers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tiers);
  }

  @Override
  public String toString() {
    return "Rates" + Arrays.toString(tiers);
  }
}
