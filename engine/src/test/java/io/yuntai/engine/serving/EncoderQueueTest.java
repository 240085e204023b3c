package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.WorkWitness;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.serving.EncoderQueue.Piece;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncoderQueueTest {
  private final EncoderQueue queue = new EncoderQueue();

  @Test
  void aStepHoldsAsManyTokensAsItMay() {
    EncoderJob job = add("a", 40, 30, 30, 30);
    assertThat(lengths(queue.take(100))).containsExactly(40, 30, 30);
    assertThat(job.hasMore()).isTrue();
    assertThat(lengths(queue.take(100))).containsExactly(30);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.take(100)).isEmpty();
  }

  @Test
  void aSequenceThatAloneIsTooLongGetsAStepOfItsOwn() {
    add("a", 10, 300, 10);
    assertThat(lengths(queue.take(100))).containsExactly(10);
    assertThat(lengths(queue.take(100))).containsExactly(300);
    assertThat(lengths(queue.take(100))).containsExactly(10);
  }

  @Test
  void namespacesTakeTurns() {
    add("a", 10, 11, 12);
    add("b", 20, 21);
    assertThat(lengths(queue.take(1000))).containsExactly(10, 20, 11, 21, 12);
  }

  @Test
  void inANamespaceRequestsTakeTurns() {
    add("a", 50, 50, 50, 50, 50, 50);
    add("a", 1);
    assertThat(lengths(queue.take(60))).containsExactly(50, 1);
  }

  @Test
  void whoeverDidNotFitIsFirstInTheNextStep() {
    add("a", 60, 5);
    add("b", 60);
    assertThat(lengths(queue.take(100))).containsExactly(60);
    assertThat(lengths(queue.take(100))).containsExactly(60, 5);
  }

  @Test
  void requestsAreTakenOutWhereverTheyStand() {
    EncoderJob first = add("a", 1, 2);
    EncoderJob second = add("a", 3);
    add("b", 4);
    assertThat(queue.remove(job -> job == first)).containsExactly(first);
    assertThat(lengths(queue.take(100))).containsExactly(3, 4);
    assertThat(second.waitingTokens()).isZero();
  }

  private EncoderJob add(String namespace, int... lengths) {
    List<EncoderInput> inputs = new ArrayList<>();
    for (int length : lengths) {
      inputs.add(EncoderInput.of(new int[length]));
    }
    EncoderJob job = new EncoderJob(namespace, inputs, 1, WorkWitness.NONE);
    queue.add(job);
    return job;
  }

  private static List<Integer> lengths(List<Piece> step) {
    return step.stream().map(piece -> piece.input().tokens().length).toList();
  }
}
