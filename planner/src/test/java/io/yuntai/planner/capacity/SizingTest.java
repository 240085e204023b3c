package io.yuntai.planner.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.capacity.Accelerator.Precision;
import io.yuntai.planner.facts.Facts;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SizingTest {
  private static final Facts FACTS = Facts.defaults();
  private static final Efficiency USUAL = Efficiency.of(FACTS);
  private static final RequestClass CHAT = new RequestClass(2000, 0.5, 500, 0.05);

  private static List<ReplicaRate> replicas(String chip, String model, RequestClass requests) {
    return Roofline.replicas(
        Accelerator.of(FACTS, chip, Precision.FP8),
        ServedModel.of(FACTS, model, Precision.FP8),
        requests,
        USUAL);
  }

  private static Sizing size(double requests, double waiting, int sites, ReplicaRate rate) {
    return Sizing.of(new Load(requests, 1.5, waiting, sites, 0.97), CHAT, rate);
  }

  /**
   * DeepSeek's own figures (open-infra-index, day 6): about 14,800 tokens written by a node of 8
   * H800 a second, at 20 to 22 tokens a second for each answer.
   */
  @Test
  void comesNearToWhatDeepSeekReaches() {
    RequestClass day = new RequestClass(4500, 0.5625, 1000, 0.0476);
    List<ReplicaRate> rates = replicas("h800", "deepseek-v3", day);
    ReplicaRate rate =
        rates.stream().filter(one -> one.accelerators() == 128).findFirst().orElseThrow();
    double perNode = rate.decodeTokensPerSecond() / rate.accelerators() * 8;
    assertThat(perNode).isBetween(14_800 / 2.0, 14_800 * 2.0);
  }

  @Test
  void answersComeAsQuicklyAsIsWanted() {
    for (double seconds : new double[] {0.02, 0.05, 0.2}) {
      RequestClass quick = new RequestClass(2000, 0, 500, seconds);
      for (ReplicaRate rate : replicas("h200", "llama-70b", quick)) {
        assertThat(rate.sequences() / rate.decodeTokensPerSecond()).isLessThanOrEqualTo(seconds);
      }
    }
  }

  @Test
  void whatNoHardwareReachesIsSaid() {
    assertThatThrownBy(() -> replicas("h20", "llama-405b", new RequestClass(2000, 0, 500, 1e-6)))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("llama-405b on h20");
    assertThatThrownBy(() -> replicas("h9000", "llama-70b", CHAT))
        .hasMessageContaining("'h9000'")
        .hasMessageContaining("h200");
  }

  @Test
  void moreOfAnythingWantedTakesNoFewer() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    ReplicaRate rate = replicas("h100", "qwen3-32b", CHAT).getFirst();
    for (int i = 0; i < 300; i++) {
      double requests = Math.exp(random.nextDouble(-3, 8));
      double waiting = random.nextDouble(0.01, 1);
      int sites = 2 + random.nextInt(5);
      Sizing sizing = size(requests, waiting, sites, rate);
      assertThat(size(requests * 1.2, waiting, sites, rate).replicas())
          .isGreaterThanOrEqualTo(sizing.replicas());
      assertThat(size(requests, waiting * 0.7, sites, rate).replicas())
          .isGreaterThanOrEqualTo(sizing.replicas());
      // What is left when any one site is lost still carries it all.
      assertThat(sizing.replicas() % sites).isZero();
      double left = sizing.replicas() * (sites - 1.0) / sites * 0.97;
      assertThat(left).isGreaterThanOrEqualTo(sizing.burstReplicas() * (1 - 1e-12));
      assertThat(left).isGreaterThanOrEqualTo(sizing.queueReplicas() * (1 - 1e-12));
    }
  }

  @Test
  void theReplicaIsTheOneThatTakesTheFewestAccelerators() {
    List<ReplicaRate> rates = replicas("h200", "deepseek-v3", CHAT);
    for (double requests : new double[] {0.1, 3, 1000}) {
      Load load = new Load(requests, 1.5, 0.1, 1, 1);
      int least = Sizing.least(load, CHAT, rates).accelerators();
      for (ReplicaRate rate : rates) {
        assertThat(least).isLessThanOrEqualTo(Sizing.of(load, CHAT, rate).accelerators());
      }
    }
  }

  @Test
  void theQuickFormMeetsTheExactOneWhereItTakesOver() {
    double load = 99_999;
    int exact = ErlangC.servers(load, 0.223);
    assertThat(ErlangC.squareRoot(load, 1, 1, 1)).isCloseTo(exact, within(3.0));
  }

  @Test
  void absurdLoadsAreRefusedInASentence() {
    assertThatThrownBy(() -> new Load(-1, 1, 0.1, 1, 1)).hasMessageContaining("not -1");
    assertThatThrownBy(() -> new Load(Double.NaN, 1, 0.1, 1, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Load(1, 1, 0, 1, 1)).hasMessageContaining("may wait");
    assertThatThrownBy(() -> new RequestClass(1, 2, 1, 1)).hasMessageContaining("share");
    assertThatThrownBy(() -> SiteLoss.overbuild(1)).hasMessageContaining("2 sites");
  }
}
