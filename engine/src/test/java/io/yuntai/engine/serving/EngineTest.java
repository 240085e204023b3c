package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.FinishReason;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.sampling.SamplingParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);
  private static final int CONTEXT = 64;
  private static final EngineOptions OPTIONS = new EngineOptions(8, 400, 32);

  @AfterEach
  void noStepThreadIsLeft() {
    assertThat(stepThreads()).isEmpty();
  }

  @Test
  void aCrowdOfCallersThatReadCancelAndDawdleGetsTheRightAnswers() throws Exception {
    HashDecoder decoder = decoder(_ -> {});
    Random random = new Random(SEED);
    CountDownLatch quickOnesDone = new CountDownLatch(120);
    try (Engine engine = Engine.start(decoder, new LetterTokenizer(), OPTIONS);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        GenerationRequest request = Answer.randomRequest(random, CONTEXT);
        int kind = i % 5;
        int cancelAfter = random.nextInt(5);
        all.add(
            callers.submit(() -> {
              Answer expected = Answer.expected(request, CONTEXT);
              try (Generation generation = engine.submit(request)) {
                if (kind == 0) {
                  assertCancelled(generation, cancelAfter, expected);
                } else if (kind == 1) {
                  // Reads nothing until all the quick ones have got everything.
                  quickOnesDone.await();
                  assertThat(Answer.read(generation)).isEqualTo(expected);
                } else {
                  assertThat(Answer.read(generation)).isEqualTo(expected);
                  quickOnesDone.countDown();
                }
              }
              return null;
            }));
      }
      for (Future<?> caller : all) {
        join(caller);
      }
      engine.stop(Duration.ofSeconds(30));
      assertThat(engine.statistics().kvBlocksUsed()).isZero();
      assertThat(engine.statistics().running() + engine.statistics().waiting()).isZero();
      assertThat(engine.statistics().state()).isEqualTo(State.STOPPED);
    }
    assertThat(decoder.closed()).isTrue();
  }

  private static void assertCancelled(Generation generation, int after, Answer expected)
      throws InterruptedException {
    Answer.Collector collector = new Answer.Collector();
    boolean ended = false;
    for (int i = 0; i < after && !ended; i++) {
      ended = collector.take(generation.next());
    }
    generation.cancel();
    while (!ended) {
      ended = collector.take(generation.next());
    }
    assertThat(collector.answer().isBeginningOf(expected)).isTrue();
    assertThat(collector.answer().reason())
        .isIn(java.util.Optional.of(FinishReason.CANCELLED), expected.reason());
  }

  @Test
  void aFullQueueIsRefusedAndARefusedCallerIsToldWhenToComeAgain() throws Exception {
    Gate gate = new Gate();
    try (Engine engine =
        Engine.start(decoder(gate), new LetterTokenizer(), new EngineOptions(1, 2, 32))) {
      Generation first = engine.submit(Answer.endless(3, 2));
      Generation second = engine.submit(Answer.endless(3, 3));
      engine.submit(Answer.endless(3, 4));
      EngineBusyException busy =
          catchThrowableOfType(
              EngineBusyException.class, () -> engine.submit(Answer.endless(3, 5)));
      assertThat(busy.retryAfterSeconds()).isEqualTo(1);
      assertThat(busy).hasMessageContaining("requests are waiting already; try again in 1 s");
      gate.open();
      assertThat(Answer.read(first).tokens()).hasSize(3);
      // A place is free as soon as a reader knows of the end.
      assertThat(Answer.read(engine.submit(Answer.endless(3, 5))).tokens()).hasSize(3);
      assertThat(Answer.read(second).tokens()).hasSize(3);
    } finally {
      gate.open();
    }
  }

  @Test
  void aNamespaceMayFillItsShareOfTheQueueOnly() throws Exception {
    Gate gate = new Gate();
    EngineOptions options = new EngineOptions(1, 3, 1, 32);
    try (Engine engine = Engine.start(decoder(gate), new LetterTokenizer(), options)) {
      Generation first = engine.submit(Answer.endless(3, 2));
      engine.submit(Answer.endless(3, 3));
      assertThatThrownBy(() -> engine.submit(Answer.endless(3, 4)))
          .isInstanceOf(EngineBusyException.class)
          .hasMessage("2 of your requests are running or waiting already; try again in 1 s");
      GenerationRequest other =
          new GenerationRequest(
              "other",
              new int[] {2},
              3,
              SamplingParameters.GREEDY,
              List.of(),
              -1,
              true,
              Long.MAX_VALUE);
      Generation ofAnother = engine.submit(other);
      gate.open();
      assertThat(Answer.read(first).tokens()).hasSize(3);
      assertThat(Answer.read(ofAnother).tokens()).hasSize(3);
      assertThat(Answer.read(engine.submit(Answer.endless(3, 4))).tokens()).hasSize(3);
    } finally {
      gate.open();
    }
  }

  @Test
  void stoppingWithoutGraceEndsRunningStreamsAndWaitingOnes() throws Exception {
    Gate gate = new Gate();
    HashDecoder decoder = decoder(gate);
    Engine engine = Engine.start(decoder, new LetterTokenizer(), new EngineOptions(2, 5, 32));
    List<Generation> generations = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      generations.add(engine.submit(Answer.endless(60, 2 + i)));
    }
    gate.allow(3);
    for (int i = 0; i < 2; i++) {
      assertThat(generations.getFirst().next()).isInstanceOf(GenerationEvent.Token.class);
    }
    try (ExecutorService stopper = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> stopped = stopper.submit(engine::close);
      await(() -> refuses(engine));
      gate.open();
      join(stopped);
    }
    for (Generation generation : generations) {
      assertThat(Answer.read(generation).reason()).contains(FinishReason.SHUTDOWN);
    }
    assertThat(decoder.closed()).isTrue();
    engine.stop(Duration.ofDays(100_000));
    assertThatThrownBy(() -> engine.submit(Answer.endless(1, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopping");
  }

  @Test
  void stoppingWithGraceLetsWhatWasAcceptedFinish() throws Exception {
    Engine engine = Engine.start(decoder(_ -> {}), new LetterTokenizer(), OPTIONS);
    List<GenerationRequest> requests = new ArrayList<>();
    List<Generation> generations = new ArrayList<>();
    Random random = new Random(SEED);
    for (int i = 0; i < 50; i++) {
      requests.add(Answer.randomRequest(random, CONTEXT));
      generations.add(engine.submit(requests.getLast()));
    }
    engine.stop(Duration.ofSeconds(50));
    for (int i = 0; i < 50; i++) {
      assertThat(Answer.read(generations.get(i)))
          .isEqualTo(Answer.expected(requests.get(i), CONTEXT));
    }
  }

  @Test
  void anIdleEngineSleepsAndWakesForARequest() throws Exception {
    try (Engine engine = Engine.start(decoder(_ -> {}), new LetterTokenizer(), OPTIONS)) {
      for (int i = 0; i < 5; i++) {
        await(() -> stepThreads().stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        GenerationRequest request = Answer.endless(4, 2 + i);
        assertThat(Answer.read(engine.submit(request)))
            .isEqualTo(Answer.expected(request, CONTEXT));
      }
    }
  }

  @Test
  void aDeadlineThatHasPassedEndsTheGenerationBeforeItsFirstToken() throws Exception {
    try (Engine engine = Engine.start(decoder(_ -> {}), new LetterTokenizer(), OPTIONS)) {
      GenerationRequest request =
          new GenerationRequest(
              new int[] {2},
              5,
              SamplingParameters.GREEDY,
              List.of(),
              -1,
              true,
              System.nanoTime() - 1);
      Answer answer = Answer.read(engine.submit(request));
      assertThat(answer.reason()).contains(FinishReason.DEADLINE);
      assertThat(answer.usage()).contains(new GenerationEvent.Usage(1, 0, 0));
    }
  }

  @Test
  void afterTheLastEventThereIsNoneAndNothingIsHeld() throws Exception {
    try (Engine engine = Engine.start(decoder(_ -> {}), new LetterTokenizer(), OPTIONS)) {
      Generation generation = engine.submit(Answer.endless(1, 2));
      assertThat(Answer.read(generation).reason()).contains(FinishReason.LENGTH);
      assertThat(engine.statistics().running()).isZero();
      assertThat(engine.statistics().kvBlocksUsed()).isZero();
      assertThat(engine.statistics().completionTokens()).isEqualTo(1);
      assertThatThrownBy(generation::next).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void requestsThatTheModelCannotRunAreRefused() throws Exception {
    try (Engine engine = Engine.start(decoder(_ -> {}), new LetterTokenizer(), OPTIONS)) {
      assertThat(engine.contextTokens()).isEqualTo(CONTEXT);
      assertThatThrownBy(() -> engine.submit(Answer.endless(1, new int[CONTEXT])))
          .isInstanceOf(PromptTooLongException.class);
      assertThat(Answer.read(engine.submit(Answer.endless(9, new int[CONTEXT - 1]))).tokens())
          .hasSize(1);
      assertThatThrownBy(() -> engine.submit(Answer.endless(1, LetterTokenizer.SIZE)))
          .hasMessage("the prompt names token 48, but the model's tokens run from 0 to 47");
      SamplingParameters biased = new SamplingParameters(0, 1, 0, 0, 0, 0, Map.of(-1, 1.0), 0, 0);
      assertThatThrownBy(() ->
              engine.submit(
                  new GenerationRequest(
                      new int[] {2}, 1, biased, List.of(), -1, false, Long.MAX_VALUE)))
          .hasMessage("logit_bias names token -1, but the model's tokens run from 0 to 47");
    }
  }

  @Test
  void aPoolSmallerThanTheContextIsTheContext() throws Exception {
    HashDecoder decoder = new HashDecoder(LetterTokenizer.SIZE, 1_000, 8, 3, 64, _ -> {});
    try (Engine engine = Engine.start(decoder, new LetterTokenizer(), OPTIONS)) {
      assertThat(engine.contextTokens()).isEqualTo(24);
      assertThatThrownBy(() -> engine.submit(Answer.endless(1, new int[24])))
          .isInstanceOf(PromptTooLongException.class)
          .hasMessageContaining("the prompt has 24 tokens, but the context holds 24");
      assertThat(Answer.read(engine.submit(Answer.endless(900, 2, 3))).tokens()).hasSize(22);
    }
  }

  @Test
  void anEngineWhoseDecoderBreaksTellsEveryReaderAndLaterCallers() throws Exception {
    Gate gate = new Gate();
    Engine engine =
        Engine.start(
            decoder(batch -> {
              gate.accept(batch);
              throw new LinkageError("test");
            }),
            new LetterTokenizer(),
            new EngineOptions(1, 5, 32));
    Generation running = engine.submit(Answer.endless(5, 2));
    Generation waiting = engine.submit(Answer.endless(5, 3));
    gate.open();
    assertThat(Answer.read(running).failure()).contains("broken");
    assertThat(Answer.read(waiting).failure()).contains("broken");
    await(() -> engine.statistics().state() == State.BROKEN);
    assertThatThrownBy(() -> engine.submit(Answer.endless(5, 4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the engine is broken and must be started anew");
    engine.close();
    assertThat(engine.statistics().state()).isEqualTo(State.BROKEN);
  }

  @Test
  void anInterruptEndsTheGraceOfAStopAndIsKept() throws Exception {
    Gate gate = new Gate();
    Engine engine = Engine.start(decoder(gate), new LetterTokenizer(), OPTIONS);
    Generation generation = engine.submit(Answer.endless(60, 2));
    boolean[] kept = new boolean[1];
    Thread stopper =
        Thread.ofVirtual()
            .start(() -> {
              engine.stop(Duration.ofHours(1));
              kept[0] = Thread.currentThread().isInterrupted();
            });
    await(() -> refuses(engine));
    stopper.interrupt();
    // The second stop cannot be seen from outside, so steps are let through until it took effect.
    while (stopper.isAlive()) {
      gate.allow(1);
      Thread.onSpinWait();
    }
    assertThat(kept[0]).isTrue();
    assertThat(Answer.read(generation).reason().orElseThrow())
        .isIn(FinishReason.SHUTDOWN, FinishReason.LENGTH);
  }

  private static HashDecoder decoder(Consumer<Batch> beforeStep) {
    return new HashDecoder(LetterTokenizer.SIZE, CONTEXT, 4, 40, 32, beforeStep);
  }

  private static boolean refuses(Engine engine) {
    try {
      engine.submit(Answer.endless(1, new int[] {2})).cancel();
      return false;
    } catch (IllegalStateException _) {
      return true;
    } catch (EngineBusyException _) {
      return false;
    }
  }

  private static List<Thread> stepThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("yuntai-engine-step"))
        .toList();
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static void join(Future<?> future) throws Exception {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + SEED, e.getCause());
    }
  }

  /** Holds steps back until they are let through. */
  private static final class Gate implements Consumer<Batch> {
    private final Semaphore permits = new Semaphore(0);

    void allow(int steps) {
      permits.release(steps);
    }

    void open() {
      permits.release(1_000_000);
    }

    @Override
    public void accept(Batch batch) {
      permits.acquireUninterruptibly();
    }
  }
}
