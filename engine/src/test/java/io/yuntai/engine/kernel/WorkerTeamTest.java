package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyItemRunsOnceAndIsSeenByTheCaller(int workers) {
    try (WorkerTeam team = new WorkerTeam(workers)) {
      for (int round = 0; round < 2000; round++) {
        int items = round % 37;
        int[] written = new int[items];
        AtomicIntegerArray runs = new AtomicIntegerArray(items);
        team.run(
            items,
            (item, worker) -> {
              assertThat(worker).isBetween(0, workers - 1);
              written[item] = item + 1;
              runs.incrementAndGet(item);
            });
        assertThat(written).isEqualTo(IntStream.rangeClosed(1, items).toArray());
        assertThat(runs)
            .hasToString(
                new AtomicIntegerArray(IntStream.generate(() -> 1).limit(items).toArray())
                    .toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aFailingItemFailsTheTaskAndNotTheTeam(int workers) {
    try (WorkerTeam team = new WorkerTeam(workers)) {
      assertThatThrownBy(() ->
              team.run(
                  10,
                  (item, worker) -> {
                    if (item == 5) {
                      throw new IllegalArgumentException("five");
                    }
                  }))
          .hasStackTraceContaining("five");
      int[] written = new int[10];
      team.run(10, (item, worker) -> written[item] = 1);
      assertThat(written).containsOnly(1);
    }
  }
}
