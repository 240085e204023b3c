package io.yuntai.ledger.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rating against decimals as an oracle. */
class RatesTest {
  /** Cards tried; a hundred million with {@code -Dyuntai.cards=100000000}. */
  private static final int CARDS = Integer.getInteger("yuntai.cards", 200_000);

  private static final BigDecimal PICOS_PER_NANO = BigDecimal.valueOf(1_000);

  private static Random random() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("RatesTest seed " + seed);
    return new Random(seed);
  }

  private static long price(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong(2_000); // below a nano
      case 1 -> random.nextLong(PriceLimits.MAX_TOKEN_PICO + 1);
      case 2 -> 1_000_000L * random.nextInt(100);
      default -> random.nextLong(1L << 24);
    };
  }

  private static Rates rates(Random random) {
    List<Rates.Tier> tiers = new ArrayList<>();
    long below = 0;
    int more = random.nextInt(4);
    for (int tier = 0; tier <= more; tier++) {
      below = tier == more ? Long.MAX_VALUE : below + 1 + random.nextInt(100_000);
      tiers.add(
          new Rates.Tier(
              below, price(random), price(random), price(random), price(random), price(random)));
    }
    return new Rates(tiers);
  }

  private static int count(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(10);
      case 2 -> random.nextInt(200_000);
      default -> random.nextInt(MeteredTokens.MAX_COUNT + 1);
    };
  }

  private static MeteredTokens tokens(Random random) {
    return new MeteredTokens(
        count(random), count(random), count(random), count(random), count(random));
  }

  /** The exact price in pico, the slow way. */
  private static BigDecimal oracle(Rates rates, MeteredTokens tokens) {
    long length = 0L + tokens.input() + tokens.cacheHit() + tokens.cacheWrite();
    Rates.Tier tier =
        rates.tiers().stream().filter(one -> length < one.inputBelow()).findFirst().orElseThrow();
    return product(tokens.input(), tier.inputPico())
        .add(product(tokens.cacheHit(), tier.cacheHitPico()))
        .add(product(tokens.cacheWrite(), tier.cacheWritePico()))
        .add(product(tokens.output(), tier.outputPico()))
        .add(product(tokens.reasoning(), tier.reasoningPico()));
  }

  private static BigDecimal product(int count, long pico) {
    return BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(pico));
  }

  /** I4, I13: whole nanos and residue are the exact price. */
  @Test
  void aChargeIsTheExactPrice() {
    Random random = random();
    for (int card = 0; card < CARDS; card++) {
      Rates rates = rates(random);
      MeteredTokens tokens = tokens(random);
      Charge charge = rates.charge(tokens);
      BigDecimal exact = oracle(rates, tokens);
      BigDecimal nano = exact.divide(PICOS_PER_NANO, 0, RoundingMode.DOWN);

      assertThat(charge.amountNano()).isEqualTo(nano.longValueExact());
      assertThat(charge.residuePico())
          .isEqualTo(exact.subtract(nano.multiply(PICOS_PER_NANO)).intValueExact());
    }
  }

  /** I1 stands on this: what was held is enough for whatever then comes. */
  @Test
  void aHoldIsEnoughForAllThatCanCome() {
    Random random = random();
    for (int card = 0; card < CARDS; card++) {
      Rates rates = rates(random);
      long input = count(random);
      long output = count(random);
      long hold = rates.holdNano(input, output);

      int length = (int) random.nextLong(input + 1);
      int hit = random.nextInt(length + 1);
      int write = random.nextInt(length - hit + 1);
      int generated = (int) random.nextLong(output + 1);
      int thoughts = random.nextInt(generated + 1);
      Charge charge =
          rates.charge(
              new MeteredTokens(length - hit - write, hit, write, generated - thoughts, thoughts));

      assertThat(charge.amountNano() + (charge.residuePico() > 0 ? 1 : 0))
          .isLessThanOrEqualTo(hold);
      assertThat(rates.holdNano(input, output))
          .isGreaterThanOrEqualTo(rates.holdNano(length, generated));
    }
  }

  @Test
  void aHoldIsNotMoreThanTheDearestReachableTier() {
    Rates rates =
        new Rates(
            List.of(
                new Rates.Tier(100, 2_500, 250, 3_000, 10_000, 10_000),
                new Rates.Tier(Long.MAX_VALUE, 5_000, 500, 6_000, 20_000, 20_001)));

    assertThat(rates.holdNano(99, 0)).isEqualTo(297);
    assertThat(rates.holdNano(100, 1)).isEqualTo(600 + 21);
    assertThat(rates.charge(new MeteredTokens(99, 0, 0, 1, 0))).isEqualTo(new Charge(257, 500));
    assertThat(rates.charge(new MeteredTokens(0, 99, 1, 0, 1))).isEqualTo(new Charge(75, 501));
  }

  @Test
  void theTokensThatAnAmountPaysForAreTheMostThatFit() {
    Random random = random();
    for (int card = 0; card < CARDS / 20; card++) {
      Rates rates = rates(random);
      long input = random.nextInt(200_000);
      long nano = random.nextLong(1L << (10 + random.nextInt(50)));
      long most = rates.outputWithin(input, nano);
      if (most >= 0) {
        assertThat(rates.holdNano(input, most)).isLessThanOrEqualTo(nano);
      }
      if (most < MeteredTokens.MAX_COUNT) {
        assertThat(rates.holdNano(input, most + 1)).isGreaterThan(nano);
      }
    }
    assertThat(Rates.FREE.outputWithin(5, 0)).isEqualTo(MeteredTokens.MAX_COUNT);
  }

  @Test
  void theDearestChargeThereIsFitsALong() {
    long most = PriceLimits.MAX_TOKEN_PICO;
    int count = MeteredTokens.MAX_COUNT;
    Rates rates = new Rates(List.of(new Rates.Tier(Long.MAX_VALUE, most, most, most, most, most)));
    Charge charge = rates.charge(new MeteredTokens(count, count, count, count, count));

    assertThat(BigInteger.valueOf(charge.amountNano()))
        .isEqualTo(
            BigInteger.valueOf(most)
                .multiply(BigInteger.valueOf(5L * count))
                .divide(BigInteger.valueOf(1_000)));
  }

  @Test
  void countsAndPricesOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> new MeteredTokens(-1, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MeteredTokens(0, 0, 0, MeteredTokens.MAX_COUNT + 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rates.Tier(1, -1, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Rates.FREE.holdNano(-1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
