package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.FinishReason;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.speculation.Drafter;
import io.yuntai.engine.speculation.Drafts;
import io.yuntai.engine.speculation.Speculator;
import io.yuntai.engine.speculation.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Drafts change how many steps an answer takes, and nothing else. */
class SpeculationTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void anAnswerIsTheSameWhateverIsDrafted() throws InterruptedException {
    Random random = new Random(SEED);
    long drafted = 0;
    long accepted = 0;
    long preempted = 0;
    for (int i = 0; i < 600; i++) {
      String name = "seed %d, scenario %d".formatted(SEED, i);
      EngineStatistics statistics = playRandomly(random, name);
      drafted += statistics.draftedTokens();
      accepted += statistics.acceptedTokens();
      preempted += statistics.preempted();
    }
    assertThat(accepted).as("accepted").isGreaterThan(5_000);
    assertThat(drafted - accepted).as("rejected").isGreaterThan(5_000);
    assertThat(preempted).as("preempted").isGreaterThan(100);
  }

  @Test
  void rightDraftsSaveSteps() throws InterruptedException {
    Clairvoyant drafter = new Clairvoyant(new Random(SEED), 100, 1);
    Stepper stepper = stepper(decoder(100, _ -> {}), EngineOptions.DEFAULTS, drafter);
    ActiveSequence sequence = add(stepper, 0, Answer.endless(64, 2, 3, 4), 100);
    while (stepper.hasWork()) {
      stepper.step(0);
      stepper.checkIntegrity();
    }
    assertThat(Answer.read(sequence.mailbox())).isEqualTo(Answer.expected(sequence.request(), 100));
    EngineStatistics statistics = stepper.statistics(State.SERVING);
    assertThat(statistics.completionTokens()).isEqualTo(64);
    assertThat(statistics.steps()).isLessThan(10);
    assertThat(statistics.acceptedTokens()).isEqualTo(64 - statistics.steps());
  }

  @Test
  void nothingIsDraftedBesideAPrefill() {
    List<Integer> sizes = new ArrayList<>();
    Clairvoyant drafter = new Clairvoyant(new Random(SEED), 100, 1);
    Stepper stepper =
        stepper(
            decoder(100, batch -> sizes.add(batch.tokens().length)),
            new EngineOptions(4, 10, 16),
            drafter);
    add(stepper, 0, Answer.endless(40, 2, 3, 4), 100);
    stepper.step(0);
    stepper.step(0);
    assertThat(sizes.getLast()).isGreaterThan(1);
    add(stepper, 1, Answer.endless(40, new Random(SEED).ints(40, 2, 40).toArray()), 100);
    stepper.step(0);
    stepper.step(0);
    assertThat(sizes.subList(2, 4)).containsExactly(16, 16);
    assertThat(stepper.statistics(State.SERVING).draftedTokens()).isEqualTo(sizes.get(1) - 1);
  }

  @Test
  void aDrafterThatFailsCostsNoAnswer() throws InterruptedException {
    Drafter failing =
        new Drafter() {
          @Override
          public Drafts begin(TokenSequence sequence, int maxLength) {
            throw new IllegalStateException("test");
          }

          @Override
          public void close() {}
        };
    Stepper stepper = stepper(decoder(100, _ -> {}), EngineOptions.DEFAULTS, failing);
    ActiveSequence sequence = add(stepper, 0, Answer.endless(20, 2, 3, 4), 100);
    while (stepper.hasWork()) {
      stepper.step(0);
    }
    assertThat(Answer.read(sequence.mailbox())).isEqualTo(Answer.expected(sequence.request(), 100));
  }

  /** Random bounds and a random crowd of requests, some of them cancelled at random steps. */
  private static EngineStatistics playRandomly(Random random, String name)
      throws InterruptedException {
    int blockTokens = 1 + random.nextInt(8);
    int blocks = 2 + random.nextInt(24);
    int contextTokens = Math.max(2, Math.min(60, blocks * blockTokens));
    Clairvoyant drafter = new Clairvoyant(random, contextTokens, random.nextDouble());
    Stepper stepper =
        stepper(
            new HashDecoder(
                LetterTokenizer.SIZE,
                contextTokens,
                blockTokens,
                Math.ceilDiv(contextTokens, blockTokens) + random.nextInt(blocks),
                1 + random.nextInt(40),
                _ -> {}),
            new EngineOptions(1 + random.nextInt(12), 100, 1 + random.nextInt(40)),
            drafter);
    List<ActiveSequence> sequences = new ArrayList<>();
    int toCome = 1 + random.nextInt(8);
    while (toCome > 0 || stepper.hasWork()) {
      if (toCome > 0 && random.nextInt(3) == 0) {
        GenerationRequest request = Answer.randomRequest(random, contextTokens);
        sequences.add(add(stepper, sequences.size(), request, contextTokens));
        toCome--;
      }
      if (!sequences.isEmpty() && random.nextInt(25) == 0) {
        sequences.get(random.nextInt(sequences.size())).mailbox().cancel();
      }
      stepper.step(0);
      stepper.checkIntegrity();
    }
    EngineStatistics statistics = stepper.statistics(State.SERVING);
    assertThat(statistics.kvBlocksUsed()).as(name).isZero();
    assertThat(drafter.open).as(name).isZero();
    for (ActiveSequence sequence : sequences) {
      Answer answer = Answer.read(sequence.mailbox());
      Answer expected = Answer.expected(sequence.request(), contextTokens);
      if (answer.reason().orElseThrow() == FinishReason.CANCELLED) {
        assertThat(answer.isBeginningOf(expected)).as(name).isTrue();
        assertThat(answer.usage().orElseThrow().completionTokens())
            .as(name)
            .isEqualTo(answer.tokens().size());
      } else {
        assertThat(answer).as(name).isEqualTo(expected);
      }
    }
    return statistics;
  }

  /** Knows what will be said, and says it, but for some mistakes made on purpose. */
  private static final class Clairvoyant implements Drafter {
    private final Random random;
    private final int contextTokens;
    private final double rightness;
    private int open;

    Clairvoyant(Random random, int contextTokens, double rightness) {
      this.random = random;
      this.contextTokens = contextTokens;
      this.rightness = rightness;
    }

    @Override
    public Drafts begin(TokenSequence sequence, int maxLength) {
      open++;
      ActiveSequence active = (ActiveSequence) sequence;
      return new Vision(active, Answer.expected(active.request(), contextTokens).tokens());
    }

    @Override
    public void close() {}

    private final class Vision implements Drafts {
      private final ActiveSequence sequence;
      private final List<Integer> answer;

      Vision(ActiveSequence sequence, List<Integer> answer) {
        this.sequence = sequence;
        this.answer = answer;
      }

      @Override
      public int prepare() {
        return random.nextInt(5) == 0 ? random.nextInt(4) : Speculator.MAX_DRAFT;
      }

      @Override
      public double chance(int index) {
        return 0.99;
      }

      @Override
      public double costNanos(int tokens) {
        return 0;
      }

      @Override
      public int propose(int[] into, int most) {
        for (int i = 0; i < most; i++) {
          int at = sequence.generatedTokens() + i;
          boolean right = at < answer.size() && random.nextDouble() < rightness;
          into[i] = right ? answer.get(at) : random.nextInt(LetterTokenizer.SIZE);
        }
        return most;
      }

      @Override
      public void verified(int proposed, int accepted) {
        assertThat(accepted).isBetween(0, proposed);
      }

      @Override
      public void close() {
        open--;
      }
    }
  }

  private static HashDecoder decoder(int contextTokens, Consumer<Batch> beforeStep) {
    return new HashDecoder(LetterTokenizer.SIZE, contextTokens, 16, 32, 64, beforeStep);
  }

  private static Stepper stepper(HashDecoder decoder, EngineOptions options, Drafter drafter) {
    return new Stepper(
        decoder, new LetterTokenizer(), options, new Speculator(drafter, () -> 0), _ -> {});
  }

  private static ActiveSequence add(
      Stepper stepper, long id, GenerationRequest request, int contextTokens) {
    ActiveSequence sequence =
        new ActiveSequence(
            id, request, Math.min(request.maxTokens(), contextTokens - request.prompt().length));
    stepper.add(sequence);
    return sequence;
  }
}
