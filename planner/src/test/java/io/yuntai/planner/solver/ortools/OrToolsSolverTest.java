package io.yuntai.planner.solver.ortools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.program.ProgramBuilder;
import io.yuntai.planner.program.RandomPrograms;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.SavedPrograms;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.SolverFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** OR-Tools runs where its library is; elsewhere it says that it is not there. */
class OrToolsSolverTest {
  /** Ours agrees with the same costs in {@code OwnSolverTest}. */
  @Test
  void savedProgramsCostTheSame() {
    try (OrToolsSolver other = new OrToolsSolver()) {
      if (!OrToolsSolver.isThere()) {
        assertThatThrownBy(() -> other.solve(RandomPrograms.of(1, 5, 5, false), Limits.none()))
            .isInstanceOf(SolverFailure.class)
            .hasMessageContaining("did not come with this Yuntai");
        return;
      }
      for (SavedPrograms.Saved saved : SavedPrograms.all()) {
        Solution theirs = other.solve(saved.program(), Limits.none().withGuard(60));
        assertThat(theirs.status()).as(saved.name()).isEqualTo(Solution.Status.OPTIMAL);
        assertThat(theirs.cost())
            .as(saved.name())
            .isCloseTo(saved.cost(), within(1e-6 * (1 + Math.abs(saved.cost()))));
      }
    }
  }

  /** As many whole numbers as no solver tries all of. */
  private static LinearProgram hard() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(7);
    ProgramBuilder builder = new ProgramBuilder();
    for (int i = 0; i < 40; i++) {
      builder.row("r" + i, 20_000 + random.nextInt(1000), 21_000 + random.nextInt(1000));
    }
    for (int j = 0; j < 400; j++) {
      builder.column("x" + j, random.nextInt(1000), 0, 1, true);
      for (int i = 0; i < 40; i++) {
        builder.entry(i, j, 50 + random.nextInt(100));
      }
    }
    return builder.build();
  }

  @Test
  void aSolverThatIsKilledIsASentenceAndTheNextProgramIsSolved() {
    if (!OrToolsSolver.isThere()) {
      return;
    }
    try (OrToolsSolver solver = new OrToolsSolver()) {
      LinearProgram small = RandomPrograms.of(4, 6, 6, false);
      solver.solve(small, Limits.none());
      ProcessHandle process = Objects.requireNonNull(solver.handle());
      Duration idle = process.info().totalCpuDuration().orElse(Duration.ZERO);
      Thread.ofVirtual().start(() -> killWhenBusy(process, idle.plusMillis(500)));
      assertThatThrownBy(() -> solver.solve(hard(), Limits.none().withGuard(120)))
          .isInstanceOf(SolverFailure.class)
          .hasMessageContaining("OR-Tools broke off");
      assertThat(solver.solve(small, Limits.none())).isNotNull();
    }
  }

  private static void killWhenBusy(ProcessHandle process, Duration busy) {
    while (process.isAlive()
        && process.info().totalCpuDuration().orElse(busy).compareTo(busy) < 0) {
      LockSupport.parkNanos(10_000_000);
    }
    process.destroyForcibly();
  }

  @Test
  void aProcessWithoutMemoryIsASentence() {
    if (!OrToolsSolver.isThere()) {
      return;
    }
    try (OrToolsSolver solver = new OrToolsSolver(List.of("-Xmx2m"))) {
      assertThatThrownBy(() -> solver.solve(hard(), Limits.none().withGuard(30)))
          .isInstanceOf(SolverFailure.class)
          .hasMessageContaining("OR-Tools broke off");
    }
  }
}
