package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.serving.SchedulerState.Limits;
import io.yuntai.engine.serving.SchedulerState.Sequence;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final Limits LIMITS = new Limits(4, 16, 8);

  @Test
  void nothingToDoIsAnEmptyPlan() {
    assertThat(plan(10, List.of(), List.of()))
        .isEqualTo(new StepPlan(List.of(), List.of(), List.of()));
  }

  @Test
  void decodesComeFirstAndPrefillGetsTheRestOfTheBudget() {
    StepPlan plan =
        plan(10, List.of(new Sequence(1, 100, 40, 13), new Sequence(2, 10, 9, 2)), List.of());
    assertThat(plan.chunks())
        .containsExactly(new Chunk(2, 9, 1, 0, true), new Chunk(1, 40, 15, 0, false));
  }

  @Test
  void aPrefillChunkThatReachesTheEndSamples() {
    StepPlan plan = plan(10, List.of(new Sequence(1, 50, 40, 7)), List.of());
    assertThat(plan.chunks()).containsExactly(new Chunk(1, 40, 10, 0, true));
  }

  @Test
  void aNewcomerGetsTheBlocksOfAllItsTokensAtOnce() {
    StepPlan plan = plan(10, List.of(), List.of(new Sequence(5, 33, 0, 0)));
    assertThat(plan.admitted()).containsExactly(5L);
    assertThat(plan.chunks()).containsExactly(new Chunk(5, 0, 16, 5, false));
  }

  @Test
  void admissionIsFirstComeFirstServedEvenWhenALaterOneWouldFit() {
    StepPlan plan =
        plan(4, List.of(), List.of(new Sequence(5, 33, 0, 0), new Sequence(6, 3, 0, 0)));
    assertThat(plan.admitted()).isEmpty();
  }

  @Test
  void aNewcomerLeavesABlockForEachRunningSequence() {
    List<Sequence> running = List.of(new Sequence(1, 10, 9, 2), new Sequence(2, 10, 9, 2));
    List<Sequence> waiting = List.of(new Sequence(3, 8, 0, 0));
    assertThat(plan(2, running, waiting).admitted()).isEmpty();
    assertThat(plan(3, running, waiting).admitted()).containsExactly(3L);
  }

  @Test
  void aDecodeWithoutAFreeBlockTakesThoseOfTheYoungest() {
    StepPlan plan =
        plan(
            0,
            List.of(
                new Sequence(1, 9, 8, 1), new Sequence(2, 12, 11, 2), new Sequence(3, 30, 16, 4)),
            List.of(new Sequence(4, 2, 0, 0)));
    assertThat(plan.preempted()).containsExactly(3L);
    assertThat(plan.admitted()).isEmpty();
    assertThat(plan.chunks())
        .containsExactly(new Chunk(1, 8, 1, 1, true), new Chunk(2, 11, 1, 0, true));
  }

  @Test
  void theYoungestItselfWaitsForABlockAndKeepsWhatItHas() {
    StepPlan plan =
        plan(0, List.of(new Sequence(1, 12, 11, 2), new Sequence(2, 9, 8, 1)), List.of());
    assertThat(plan.preempted()).isEmpty();
    assertThat(plan.chunks()).containsExactly(new Chunk(1, 11, 1, 0, true));
  }

  @Test
  void noMoreRunThanThereArePlaces() {
    List<Sequence> waiting =
        List.of(
            new Sequence(1, 2, 0, 0),
            new Sequence(2, 2, 0, 0),
            new Sequence(3, 2, 0, 0),
            new Sequence(4, 2, 0, 0),
            new Sequence(5, 2, 0, 0));
    assertThat(plan(100, List.of(), waiting).admitted()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aStateOutOfOrderIsRefused() {
    assertThatThrownBy(
            () -> plan(1, List.of(new Sequence(2, 2, 1, 1)), List.of(new Sequence(1, 2, 0, 0))))
        .hasMessage("sequence 1 is out of order");
    assertThatThrownBy(() -> new Limits(5, 4, 1)).hasMessageContaining("bad limits");
    assertThatThrownBy(() -> new Sequence(1, 3, 3, 1)).hasMessageContaining("bad sequence");
  }

  private static StepPlan plan(int freeBlocks, List<Sequence> running, List<Sequence> waiting) {
    return Scheduler.plan(new SchedulerState(LIMITS, freeBlocks, running, waiting));
  }
}
