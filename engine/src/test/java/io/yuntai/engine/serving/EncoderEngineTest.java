package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.EncoderEngine;
import io.yuntai.engine.EncoderOptions;
import io.yuntai.engine.Encoding;
import io.yuntai.engine.Encoding.Outcome;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.encoder.EncoderInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EncoderEngineTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);

  private final SumEncoder encoder = new SumEncoder();
  private final EncoderEngine engine =
      EncoderEngine.start(encoder, new EncoderOptions(6, 4, 10_000));

  @AfterEach
  void stop() {
    encoder.steps.release(1000);
    engine.close();
    assertThat(encoder.closed).isTrue();
  }

  @Test
  void everyRequestGetsItsOwnResultsInOrder() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < 50; round++) {
      List<List<EncoderInput>> requests = new ArrayList<>();
      List<Encoding> encodings = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        List<EncoderInput> inputs = new ArrayList<>();
        for (int n = random.nextInt(12); n >= 0; n--) {
          inputs.add(EncoderInput.of(random.ints(1 + random.nextInt(49), 0, 99).toArray()));
        }
        requests.add(inputs);
        encodings.add(engine.submit("n" + i % 2, inputs));
      }
      for (int i = 0; i < 4; i++) {
        assertThat(encodings.get(i).await()).isInstanceOf(Outcome.Done.class);
        float[][] results = ((Outcome.Done) encodings.get(i).await()).results();
        for (int n = 0; n < results.length; n++) {
          int[] tokens = requests.get(i).get(n).tokens();
          assertThat(results[n])
              .as("seed %d", SEED)
              .containsExactly(java.util.Arrays.stream(tokens).sum(), tokens.length);
        }
      }
    }
    assertThat(engine.statistics().requests()).isZero();
    assertThat(engine.statistics().waitingTokens()).isZero();
  }

  @Test
  void smallRequestsShareAStep() throws Exception {
    Encoding first = held();
    List<Encoding> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(engine.submit("b", inputs(1, 10)));
    }
    encoder.steps.release(1000);
    first.await();
    for (Encoding other : others) {
      other.await();
    }
    assertThat(engine.statistics().steps()).isEqualTo(2);
  }

  @Test
  void aFullQueueAndAFullShareOfItAreRefused() throws Exception {
    held();
    engine.submit("a", inputs(1, 1));
    engine.submit("a", inputs(1, 1));
    engine.submit("a", inputs(1, 1));
    assertThatThrownBy(() -> engine.submit("a", inputs(1, 1)))
        .isInstanceOf(EngineBusyException.class)
        .hasMessageContaining("4 of your requests");
    engine.submit("b", inputs(1, 1));
    engine.submit("c", inputs(1, 1));
    assertThatThrownBy(() -> engine.submit("d", inputs(1, 1)))
        .isInstanceOf(EngineBusyException.class)
        .hasMessageContaining("6 requests are waiting");
  }

  @Test
  void waitingTokensAreBounded() throws Exception {
    held();
    engine.submit("b", inputs(190, 50));
    assertThatThrownBy(() -> engine.submit("c", inputs(11, 50)))
        .isInstanceOf(EngineBusyException.class)
        .hasMessageContaining("9500 tokens");
    engine.submit("c", inputs(10, 50));
  }

  @Test
  void aCancelledRequestIsGoneAtTheNextStep() throws Exception {
    Encoding first = held();
    Encoding cancelled = engine.submit("a", inputs(100, 50));
    Encoding last = engine.submit("a", inputs(1, 1));
    cancelled.cancel();
    encoder.steps.release(2);
    assertThat(first.await()).isInstanceOf(Outcome.Done.class);
    assertThat(cancelled.await()).isInstanceOf(Outcome.Cancelled.class);
    assertThat(last.await()).isInstanceOf(Outcome.Done.class);
    assertThat(engine.statistics().sequences()).isEqualTo(2);
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeItQueues() {
    assertThatThrownBy(() -> engine.submit("a", inputs(1, 51)))
        .isInstanceOf(PromptTooLongException.class);
    assertThatThrownBy(() -> engine.submit("a", List.of(EncoderInput.of(new int[] {100}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100");
  }

  @Test
  void stoppingEndsWhatIsLeft() throws Exception {
    held();
    Encoding waiting = engine.submit("a", inputs(1, 1));
    Thread stopper = Thread.ofVirtual().start(() -> engine.stop(Duration.ZERO));
    while (engine.statistics().state() == State.SERVING) {
      Thread.onSpinWait();
    }
    encoder.steps.release(1000);
    stopper.join();
    assertThat(waiting.await()).isInstanceOf(Outcome.Shutdown.class);
    assertThatThrownBy(() -> engine.submit("a", inputs(1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopping");
  }

  @Test
  void aBrokenEncoderFailsEverybodyAndTakesNothingMore() throws Exception {
    held();
    Encoding poison = engine.submit("a", List.of(EncoderInput.of(new int[] {SumEncoder.POISON})));
    Encoding other = engine.submit("b", inputs(1, 1));
    encoder.steps.release(1000);
    assertThat(poison.await()).isInstanceOf(Outcome.Failed.class);
    assertThat(other.await()).isInstanceOf(Outcome.Failed.class);
    assertThatThrownBy(() -> engine.submit("a", inputs(1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("broken");
  }

  /** A request in a step that waits for a permit. */
  private Encoding held() throws EngineBusyException {
    encoder.steps.drainPermits();
    Encoding encoding = engine.submit("a", inputs(1, 1));
    while (encoder.begun.get() == 0) {
      Thread.onSpinWait();
    }
    return encoding;
  }

  private static List<EncoderInput> inputs(int count, int length) {
    List<EncoderInput> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      inputs.add(EncoderInput.of(new int[length]));
    }
    return inputs;
  }
}
