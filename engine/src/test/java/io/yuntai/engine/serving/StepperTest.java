package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.FinishReason;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.speculation.PromptLookup;
import io.yuntai.engine.speculation.Speculator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StepperTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void anAnswerDependsOnNothingButItsRequest() throws InterruptedException {
    Random random = new Random(SEED);
    long preempted = 0;
    for (int i = 0; i < 600; i++) {
      Scenario scenario = new Scenario(random, "seed %d, scenario %d".formatted(SEED, i));
      scenario.run();
      preempted += scenario.stepper.statistics(State.SERVING).preempted();
    }
    assertThat(preempted).as("preemptions over all scenarios").isGreaterThan(500);
  }

  /** Random bounds and a random crowd of requests, some of them cancelled at random steps. */
  private static final class Scenario {
    private final Random random;
    private final String name;
    private final int contextTokens;
    private final Stepper stepper;
    private final List<ActiveSequence> sequences = new ArrayList<>();
    private long stepsAllowed;

    Scenario(Random random, String name) {
      this.random = random;
      this.name = name;
      int blockTokens = 1 + random.nextInt(8);
      int blocks = 2 + random.nextInt(24);
      contextTokens = Math.max(2, Math.min(60, blocks * blockTokens));
      stepper =
          stepper(
              new HashDecoder(
                  LetterTokenizer.SIZE,
                  contextTokens,
                  blockTokens,
                  Math.ceilDiv(contextTokens, blockTokens) + random.nextInt(blocks),
                  1 + random.nextInt(40),
                  _ -> {}),
              new EngineOptions(1 + random.nextInt(12), 100, 1 + random.nextInt(40)));
    }

    void run() throws InterruptedException {
      int toCome = 1 + random.nextInt(20);
      long steps = 0;
      while (toCome > 0 || stepper.hasWork()) {
        while (toCome > 0 && random.nextInt(3) == 0) {
          submit();
          toCome--;
        }
        if (!sequences.isEmpty() && random.nextInt(15) == 0) {
          sequences.get(random.nextInt(sequences.size())).mailbox().cancel();
        }
        steps += stepper.hasWork() ? 1 : 0;
        stepper.step(0);
        stepper.checkIntegrity();
        assertThat(steps).as(name).isLessThanOrEqualTo(stepsAllowed);
      }
      assertThat(stepper.statistics(State.SERVING).kvBlocksUsed()).as(name).isZero();
      for (ActiveSequence sequence : sequences) {
        check(sequence);
      }
    }

    private void submit() {
      GenerationRequest request = Answer.randomRequest(random, contextTokens);
      stepsAllowed += contextTokens;
      sequences.add(add(stepper, sequences.size(), request, contextTokens));
    }

    private void check(ActiveSequence sequence) throws InterruptedException {
      Answer answer = Answer.read(sequence.mailbox());
      Answer expected = Answer.expected(sequence.request(), contextTokens);
      if (answer.reason().orElseThrow() == FinishReason.CANCELLED) {
        assertThat(answer.isBeginningOf(expected)).as(name).isTrue();
        assertThat(answer.text())
            .as(name)
            .isEqualTo(
                new LetterTokenizer()
                    .decode(answer.tokens().stream().mapToInt(id -> id).toArray(), false));
      } else {
        assertThat(answer).as(name).isEqualTo(expected);
      }
    }
  }

  @Test
  void cancellationEndsAGenerationBeforeTheNextStepAndFreesItsBlocks() throws Exception {
    Stepper stepper = stepper(decoder(_ -> {}), EngineOptions.DEFAULTS);
    ActiveSequence sequence = add(stepper, 0, Answer.endless(50, 2, 3, 4), 100);
    stepper.step(0);
    stepper.step(0);
    assertThat(stepper.statistics(State.SERVING).kvBlocksUsed()).isEqualTo(1);
    sequence.mailbox().cancel();
    stepper.step(0);
    Answer answer = Answer.read(sequence.mailbox());
    assertThat(answer.tokens()).hasSize(2);
    assertThat(answer.reason()).contains(FinishReason.CANCELLED);
    assertThat(stepper.statistics(State.SERVING).kvBlocksUsed()).isZero();
    assertThat(stepper.hasWork()).isFalse();
  }

  @Test
  void aDeadlineEndsRunningAndWaitingGenerations() throws Exception {
    Stepper stepper = stepper(decoder(_ -> {}), new EngineOptions(1, 10, 16));
    ActiveSequence running = add(stepper, 0, withDeadline(1_000), 100);
    ActiveSequence waiting = add(stepper, 1, withDeadline(2_000), 100);
    ActiveSequence unbound = add(stepper, 2, withDeadline(Long.MAX_VALUE), 100);
    stepper.step(999);
    stepper.step(1_000);
    stepper.step(2_000);
    Answer late = Answer.read(running.mailbox());
    assertThat(late.reason()).contains(FinishReason.DEADLINE);
    assertThat(late.tokens()).hasSize(1);
    assertThat(Answer.read(waiting.mailbox()).reason()).contains(FinishReason.DEADLINE);
    stepper.step(Long.MAX_VALUE);
    assertThat(stepper.statistics(State.SERVING).running()).isEqualTo(1);
    stepper.endAll(FinishReason.SHUTDOWN);
    assertThat(Answer.read(unbound.mailbox()).reason()).contains(FinishReason.SHUTDOWN);
  }

  @Test
  void aFailedStepFailsOnlyThoseWhoTookPart() throws Exception {
    AtomicInteger step = new AtomicInteger();
    Stepper stepper =
        stepper(
            decoder(_ -> {
              if (step.incrementAndGet() == 2) {
                throw new OutOfMemoryError("test");
              }
            }),
            new EngineOptions(1, 10, 16));
    ActiveSequence first = add(stepper, 0, Answer.endless(5, 2), 100);
    ActiveSequence second = add(stepper, 1, Answer.endless(5, 3), 100);
    while (stepper.hasWork()) {
      stepper.step(0);
      stepper.checkIntegrity();
    }
    assertThat(Answer.read(first.mailbox()).failure()).contains("ran out of memory");
    assertThat(Answer.read(second.mailbox())).isEqualTo(Answer.expected(second.request(), 100));
  }

  @Test
  void logitsThatAreNotNumbersFailOnlyTheirOwnGeneration() throws Exception {
    Stepper stepper = stepper(decoder(_ -> {}), EngineOptions.DEFAULTS);
    ActiveSequence first = add(stepper, 0, Answer.endless(5, 2), 100);
    ActiveSequence poisoned = add(stepper, 1, Answer.endless(5, 3, HashDecoder.POISON), 100);
    ActiveSequence last = add(stepper, 2, Answer.endless(5, 4), 100);
    while (stepper.hasWork()) {
      stepper.step(0);
      stepper.checkIntegrity();
    }
    assertThat(Answer.read(poisoned.mailbox()).failure()).contains("a logit that is not a number");
    assertThat(Answer.read(first.mailbox())).isEqualTo(Answer.expected(first.request(), 100));
    assertThat(Answer.read(last.mailbox())).isEqualTo(Answer.expected(last.request(), 100));
  }

  @Test
  void failedStepsInARowBreakTheDecoder() {
    Stepper stepper =
        stepper(
            decoder(_ -> {
              throw new IllegalArgumentException("test");
            }),
            new EngineOptions(1, 10, 16));
    for (int i = 0; i < 4; i++) {
      add(stepper, i, Answer.endless(5, 2), 100);
    }
    stepper.step(0);
    stepper.step(0);
    assertThatThrownBy(() -> stepper.step(0))
        .isInstanceOf(BrokenDecoderException.class)
        .hasMessageContaining("3 steps in a row failed");
  }

  @Test
  void statisticsCountTokensOncePerGeneration() {
    // Two sequences of 12 tokens at the end, in a pool of 16: one of them is preempted.
    HashDecoder decoder = new HashDecoder(LetterTokenizer.SIZE, 16, 1, 16, 32, _ -> {});
    Stepper stepper = stepper(decoder, EngineOptions.DEFAULTS);
    add(stepper, 0, Answer.endless(9, 2, 3, 4), 16);
    add(stepper, 1, Answer.endless(9, 5, 6, 7), 16);
    while (stepper.hasWork()) {
      stepper.step(0);
    }
    EngineStatistics statistics = stepper.statistics(State.SERVING);
    assertThat(statistics.promptTokens()).isEqualTo(6);
    assertThat(statistics.completionTokens()).isEqualTo(18);
    assertThat(statistics.preempted()).isPositive();
  }

  private static GenerationRequest withDeadline(long deadlineNanos) {
    return new GenerationRequest(
        new int[] {2, 3}, 50, SamplingParameters.GREEDY, List.of(), -1, true, deadlineNanos);
  }

  private static HashDecoder decoder(Consumer<Batch> beforeStep) {
    return new HashDecoder(LetterTokenizer.SIZE, 100, 16, 32, 64, beforeStep);
  }

  private static Stepper stepper(HashDecoder decoder, EngineOptions options) {
    return new Stepper(
        decoder,
        new LetterTokenizer(),
        options,
        new Speculator(new PromptLookup(), () -> 0),
        _ -> {});
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
