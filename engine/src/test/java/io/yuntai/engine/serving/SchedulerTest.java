package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.serving.SchedulerState.Limits;
import io.yuntai.engine.serving.SchedulerState.Sequence;
import io.yuntai.engine.serving.StepPlan.Admission;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
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
    StepPlan plan = plan(10, List.of(running(1, 100, 40), running(2, 10, 9)), List.of());
    assertThat(plan.chunks())
        .containsExactly(new Chunk(2, 9, 1, 0, true), new Chunk(1, 40, 15, 0, false));
  }

  @Test
  void aPrefillChunkThatReachesTheEndSamples() {
    StepPlan plan = plan(10, List.of(running(1, 50, 40)), List.of());
    assertThat(plan.chunks()).containsExactly(new Chunk(1, 40, 10, 0, true));
  }

  @Test
  void aNewcomerGetsTheBlocksOfAllItsTokensAtOnce() {
    StepPlan plan = plan(10, List.of(), List.of(waiting(5, 33)));
    assertThat(plan.admitted()).containsExactly(new Admission(5, 5));
    assertThat(plan.chunks()).containsExactly(new Chunk(5, 0, 16, 0, false));
  }

  @Test
  void aNewcomerThatFindsItsPrefixGetsTheOtherBlocksAndComputesTheRest() {
    Sequence sequence = new Sequence(5, "a", 33, 24, 3, 2, Sequence.NOBODY);
    StepPlan plan = plan(4, List.of(), List.of(sequence));
    assertThat(plan.admitted()).containsExactly(new Admission(5, 2));
    assertThat(plan.chunks()).containsExactly(new Chunk(5, 24, 9, 0, true));
    assertThat(plan(3, List.of(), List.of(sequence)).admitted())
        .as("the two blocks that nobody holds count as available only until they are taken")
        .isEmpty();
  }

  @Test
  void admissionIsFirstComeFirstServedEvenWhenALaterOneWouldFit() {
    StepPlan plan = plan(4, List.of(), List.of(waiting(5, 33), waiting(6, 3)));
    assertThat(plan.admitted()).isEmpty();
  }

  @Test
  void aNewcomerLeavesABlockForEachRunningSequence() {
    List<Sequence> running = List.of(running(1, 10, 9), running(2, 10, 9));
    assertThat(plan(2, running, List.of(waiting(3, 8))).admitted()).isEmpty();
    assertThat(plan(3, running, List.of(waiting(3, 8))).admitted())
        .containsExactly(new Admission(3, 1));
  }

  @Test
  void aDecodeWithoutABlockTakesThoseOfTheMostJunior() {
    List<Sequence> running =
        List.of(
            new Sequence(1, "a", 9, 8, 1, 1, Sequence.NOBODY),
            running(2, 12, 11),
            running(3, 30, 16));
    StepPlan plan = plan(0, running, List.of(waiting(4, 2)));
    assertThat(plan.preempted()).containsExactly(3L);
    assertThat(plan.admitted()).isEmpty();
    assertThat(plan.chunks())
        .containsExactly(new Chunk(1, 8, 1, 1, true), new Chunk(2, 11, 1, 0, true));
  }

  @Test
  void blocksThatOthersHoldTooAreNotGainedByPreemption() {
    List<Sequence> running =
        List.of(
            new Sequence(1, "a", 9, 8, 1, 1, Sequence.NOBODY),
            new Sequence(2, "a", 12, 11, 2, 1, Sequence.NOBODY),
            new Sequence(3, "a", 12, 11, 2, 0, Sequence.NOBODY));
    assertThat(plan(0, running, List.of()).preempted()).containsExactly(3L, 2L);
  }

  @Test
  void theMostJuniorItselfWaitsForABlockAndKeepsWhatItHas() {
    StepPlan plan =
        plan(
            0,
            List.of(running(1, 12, 11), new Sequence(2, "a", 9, 8, 1, 1, Sequence.NOBODY)),
            List.of());
    assertThat(plan.preempted()).isEmpty();
    assertThat(plan.chunks()).containsExactly(new Chunk(1, 11, 1, 0, true));
  }

  @Test
  void whoWasPreemptedComesBeforeWhoNeverHadAPlace() {
    SchedulerState state =
        new SchedulerState(
            LIMITS, 4, List.of(), List.of(waiting(7, 40)), List.of(List.of(waiting(2, 3))));
    assertThat(Scheduler.plan(state).admitted()).isEmpty();
    assertThat(ids(plan(9, List.of(), List.of(waiting(7, 12)), List.of(List.of(waiting(2, 3))))))
        .containsExactly(7L, 2L);
  }

  @Test
  void noMoreRunThanThereArePlaces() {
    List<Sequence> waiting = LongStream.range(1, 6).mapToObj(id -> waiting(id, 2)).toList();
    assertThat(ids(plan(100, List.of(), waiting))).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aThousandOfOneNamespaceDontDelayTheOneOfAnother() {
    List<Sequence> crowd =
        new ArrayList<>(LongStream.range(0, 1000).mapToObj(id -> waiting(id, 2)).toList());
    Sequence single = new Sequence(5000, "b", 2, 0, 0, 0, Sequence.NOBODY);
    assertThat(ids(plan(100, List.of(), List.of(), List.of(crowd, List.of(single)))))
        .containsExactly(0L, 5000L, 1L, 2L);
  }

  @Test
  void namespacesShareThePrefillBudgetAndLeaveWhatTheyDontNeed() {
    List<Sequence> running =
        List.of(
            running(1, 100, 8),
            running(2, 100, 8),
            new Sequence(3, "b", 11, 8, 2, 2, Sequence.NOBODY),
            new Sequence(4, "c", 90, 8, 12, 12, Sequence.NOBODY));
    assertThat(plan(9, running, List.of()).chunks())
        .containsExactly(
            new Chunk(3, 8, 3, 0, true),
            new Chunk(4, 8, 6, 0, false),
            new Chunk(1, 8, 7, 0, false));
  }

  @Test
  void aLongPrefillDoesNotKeepAnotherNamespaceOut() {
    List<Sequence> running = List.of(running(1, 100, 8));
    Sequence sequence = new Sequence(9, "b", 5, 0, 0, 0, Sequence.NOBODY);
    StepPlan plan = plan(9, running, List.of(), List.of(List.of(waiting(2, 5)), List.of(sequence)));
    assertThat(ids(plan)).containsExactly(9L);
    assertThat(plan.chunks())
        .containsExactly(new Chunk(9, 0, 5, 0, true), new Chunk(1, 8, 11, 0, false));
  }

  @Test
  void whatASeniorIsAboutToComputeIsWaitedFor() {
    Sequence senior = running(1, 20, 8);
    Sequence running = new Sequence(2, "a", 22, 8, 3, 2, 1);
    Sequence waiting = new Sequence(3, "a", 22, 8, 1, 0, 1);
    StepPlan plan = plan(9, List.of(senior, running), List.of(waiting));
    assertThat(plan.admitted()).isEmpty();
    assertThat(plan.chunks()).containsExactly(new Chunk(1, 8, 12, 0, true));
    StepPlan afterwards = plan(9, List.of(running(1, 21, 20), running), List.of(waiting));
    assertThat(ids(afterwards)).containsExactly(3L);
  }

  @Test
  void aStateThatCannotBeIsRefused() {
    assertThatThrownBy(() -> plan(1, List.of(running(2, 2, 1)), List.of(waiting(2, 2))))
        .hasMessage("sequence 2 is there twice");
    assertThatThrownBy(() -> new Limits(5, 4, 1)).hasMessageContaining("bad limits");
    assertThatThrownBy(() -> running(1, 3, 3)).hasMessageContaining("bad sequence");
  }

  private static Sequence running(long id, int length, int computed) {
    int blocks = LIMITS.blocksFor(length);
    return new Sequence(id, "a", length, computed, blocks, blocks, Sequence.NOBODY);
  }

  private static Sequence waiting(long id, int length) {
    return new Sequence(id, "a", length, 0, 0, 0, Sequence.NOBODY);
  }

  private static List<Long> ids(StepPlan plan) {
    return plan.admitted().stream().map(Admission::id).toList();
  }

  private static StepPlan plan(int blocks, List<Sequence> running, List<Sequence> queue) {
    return plan(blocks, running, List.of(), queue.isEmpty() ? List.of() : List.of(queue));
  }

  private static StepPlan plan(
      int blocks, List<Sequence> running, List<Sequence> preempted, List<List<Sequence>> queues) {
    return Scheduler.plan(new SchedulerState(LIMITS, blocks, running, preempted, queues));
  }
}
