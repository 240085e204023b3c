package io.yuntai.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.yuntai.planner.capacity.Accelerator;
import io.yuntai.planner.capacity.Accelerator.Precision;
import io.yuntai.planner.capacity.ErlangC;
import io.yuntai.planner.capacity.MemoryFit;
import io.yuntai.planner.capacity.ReplicaRate;
import io.yuntai.planner.capacity.RequestClass;
import io.yuntai.planner.capacity.SiteLoss;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.finance.Annuity;
import io.yuntai.planner.finance.Growth;
import io.yuntai.planner.finance.OwnServer;
import io.yuntai.planner.finance.TokenPrice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures that others have published, or that follow from theirs by arithmetic. */
class CasesTest {
  private static final Facts FACTS = Facts.defaults();

  /** Revenue of a cloud a quarter, and an outlook for it. */
  @ParameterizedTest
  @CsvSource({
    "126.8, 240, 3, 0.2370",
    "126.8, 240, 4, 0.1729",
    "126.8, 240, 2.875, 0.248",
    "118.03, 240, 3, 0.2669",
    "118.03, 240, 12, 0.06093"
  })
  void growthOfRevenue(double from, double to, double times, double rate) {
    assertThat(Growth.rate(from, to, times)).isCloseTo(rate, within(0.0005));
  }

  @Test
  void growthThatCalmsDown() {
    double multiple = Growth.damped(Math.log(2) / 4, Math.log(1.15) / 4, 0.9, 12);
    assertThat(multiple).isCloseTo(3.72, within(0.1));
    assertThat(Growth.damped(Math.log(2) / 4, 0, 1, 12)).isCloseTo(8, within(1e-9));
  }

  /** DeepSeek's day: deepseek-ai/open-infra-index, day 6. */
  @Test
  void aDayOfDeepSeek() {
    double cost = 226.75 * 8 * 24 * 2;
    double revenue = new TokenPrice(0.55, 0.14, 2.19).of(266e9, 342e9, 168e9);
    assertThat(cost).isCloseTo(87_072, within(1e-6));
    assertThat(revenue).isCloseTo(562_027, withPercentage(0.2));
    assertThat((revenue - cost) / cost).isCloseTo(5.45, withPercentage(0.2));
    double reading = 608e9 / 86_400 / 73_700;
    double writing = 168e9 / 86_400 / 14_800;
    assertThat(reading).isCloseTo(95.5, withPercentage(0.2));
    assertThat(writing).isCloseTo(131.4, withPercentage(0.2));
    assertThat(reading + writing).isCloseTo(226.75, withPercentage(0.2));
    assertThat(342e9 / 608e9).isCloseTo(0.5625, withPercentage(0.2));
    assertThat(278 / 226.75).isCloseTo(1.226, withPercentage(0.2));
    assertThat(cost / 168e9 * 1e6).isCloseTo(0.518, withPercentage(0.2));
    assertThat(cost / (608e9 + 168e9) * 1e6).isCloseTo(0.112, withPercentage(0.5));
  }

  /** Servers of eight for a million tokens a second of Llama2-70B, by MLPerf Inference v5. */
  @ParameterizedTest
  @CsvSource({"33244, 31", "21916, 46", "24594, 41", "8840, 114", "99123, 11", "59545, 17"})
  void serversForAMillionTokensASecond(double perServer, int servers) {
    ReplicaRate rate = new ReplicaRate(8, 1, 1e12, perServer, "MLPerf");
    RequestClass tokens = new RequestClass(1, 1, 1, 1);
    assertThat((int) Math.ceil(1e6 * rate.secondsPerRequest(tokens))).isEqualTo(servers);
  }

  /** LMSYS, 2025-05: eight H100 at $2 an hour each. */
  @ParameterizedTest
  @CsvSource({"22300, 0.199", "52300, 0.085"})
  void whatAMillionTokensCost(double perSecond, double dollars) {
    assertThat(8 * 2 / (perSecond * 3600) * 1e6).isCloseTo(dollars, withPercentage(1));
  }

  /** Epoch AI's gigawatt, 2026-05; in billions of dollars. */
  @ParameterizedTest
  @CsvSource({"5, 8.5", "3, 12", "7, 7"})
  void aGigawatt(double years, double perYear) {
    double cost = Annuity.payment(25.1, 0.07, years) + Annuity.payment(12.9, 0.07, 14) + 0.9;
    assertThat(cost).isCloseTo(perYear, withPercentage(3));
    assertThat(Annuity.payment(20.5, 0.07, 5)).isCloseTo(5.0, withPercentage(3));
  }

  @ParameterizedTest
  @CsvSource({"1.6, 1.09", "2.0, 0.87", "2.6, 0.67", "3.5, 0.50"})
  void toBuyOrToRent(double rent, double use) {
    OwnServer server = new OwnServer(300_000, 8, 10.2, 150, 3, 0.08, 0.3, 0.05);
    assertThat(server.costPerYear()).isCloseTo(122_047, withPercentage(0.5));
    assertThat(server.costPerAcceleratorHour()).isCloseTo(1.742, withPercentage(0.5));
    assertThat(server.breakEvenUse(rent)).isCloseTo(use, within(0.005));
    double yuanPerDay = server.costPerYear() / 365 * 7.252;
    assertThat(yuanPerDay).isCloseTo(2425, withPercentage(0.5));
    assertThat(new TokenPrice(2.5, 0.5, 10).outputTokensFor(yuanPerDay, 8, 0))
        .isCloseTo(80.8e6, withPercentage(0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 12, 0.449", "10, 14, 0.174", "10, 17, 0.031",
    "100, 105, 0.516", "100, 110, 0.237", "100, 120, 0.033",
    "1000, 1016, 0.504", "1000, 1032, 0.223", "1000, 1064, 0.027"
  })
  void whoWaits(double load, int servers, double waiting) {
    assertThat(ErlangC.waiting(servers, load)).isCloseTo(waiting, within(0.001));
    assertThat(ErlangC.servers(load, ErlangC.waiting(servers, load))).isEqualTo(servers);
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "3, 1.5", "4, 1.333", "6, 1.2", "12, 1.091"})
  void theLossOfASite(int sites, double overbuild) {
    assertThat(SiteLoss.overbuild(sites)).isCloseTo(overbuild, within(0.001));
  }

  /** The layouts of SGLang's documentation, "DeepSeek V3 usage"; weights in GB. */
  @ParameterizedTest
  @CsvSource({
    "h200, 671, 8",
    "b200, 671, 8",
    "mi300x, 671, 8",
    "h100, 671, 16",
    "h800, 671, 16",
    "h20, 671, 16",
    "h200, 1342, 16",
    "mi300x, 1342, 16",
    "h100, 1342, 32",
    "a100-80, 1342, 32",
    "h100, 336, 8",
    "a100-80, 336, 8",
    "h20, 336, 8",
    "h100, 405, 8",
    "h100, 810, 16",
    "h200, 810, 8"
  })
  void acceleratorsThatHoldAModel(String chip, double gigabytes, int count) {
    Accelerator accelerator = Accelerator.of(FACTS, chip, Precision.BF16);
    assertThat(MemoryFit.accelerators(gigabytes * 1e9, accelerator.memoryBytes())).isEqualTo(count);
  }
}
