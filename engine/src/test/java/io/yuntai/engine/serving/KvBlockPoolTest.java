package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class KvBlockPoolTest {
  private final KvBlockPool pool = new KvBlockPool(3);

  @Test
  void givesEachBlockOnce() {
    assertThat(new int[] {pool.take(), pool.take(), pool.take()})
        .containsExactlyInAnyOrder(0, 1, 2);
    assertThat(pool.freeBlocks()).isZero();
    assertThatThrownBy(pool::take).hasMessage("no KV block is free");
  }

  @Test
  void refusesABlockThatIsNotHeld() {
    int block = pool.take();
    pool.giveBack(block);
    assertThatThrownBy(() -> pool.giveBack(block))
        .hasMessage("KV block %d is given back but not held", block);
    assertThat(pool.freeBlocks()).isEqualTo(3);
  }

  @Test
  void theIntegrityCheckFindsWhatIsLostOrSharedOrForeign() {
    int first = pool.take();
    int second = pool.take();
    int free = 3 - first - second;
    assertThatCode(() -> pool.checkIntegrity(List.of(new int[] {second}, new int[] {first})))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> pool.checkIntegrity(List.of(new int[] {first})))
        .hasMessage("KV block %d is lost", second);
    assertThatThrownBy(
            () -> pool.checkIntegrity(List.of(new int[] {first, second}, new int[] {first})))
        .hasMessageContaining("KV block %d is held", first);
    assertThatThrownBy(() -> pool.checkIntegrity(List.of(new int[] {first, second, free})))
        .hasMessageContaining("KV block %d is held", free);
  }
}
