package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.serving.KvStore.Match;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Blocks of two positions, and layers that see the last three. */
class WindowBlocksTest {
  private static final int[] TOKENS = IntStream.range(0, 20).toArray();

  private final KvStore store = new KvStore(20, 2, 3, 6);

  @Test
  void blocksThatNoTokenSeesAreFreeAtOnce() {
    KvTable table = new KvTable();
    compute(table, TOKENS, 0, 12);
    assertThat(table.blocks()).hasSize(6);
    // The next token, at 12, sees 10 to 12: block 5, and the one it will lie in.
    assertThat(table.window()).startsWith(-1, -1, -1, -1, -1);
    assertThat(table.window()[5]).isNotNegative();
    assertThat(store.windows().free()).isEqualTo(5);
    store.checkIntegrity(List.of(table));
  }

  @Test
  void whereASequenceEndedAnotherGoesOn() {
    store.release(computed(TOKENS, 12));
    assertThat(store.match("", TOKENS, 12)).isEqualTo(new Match(6, 6));
    assertThat(store.match("", TOKENS, 20)).isEqualTo(new Match(6, 6));
    KvTable next = new KvTable();
    assertThat(store.adopt(next, "", TOKENS, 19)).isEqualTo(12);
    store.checkIntegrity(List.of(next));
  }

  @Test
  void elsewhereItBeginsAnewButLeavesWhatTheThirdFinds() {
    int[] branch = TOKENS.clone();
    branch[6] = 99;
    store.release(computed(TOKENS, 12));
    assertThat(store.match("", branch, 19)).as("its window has left").isEqualTo(new Match(0, 0));

    store.release(computed(branch, 12));
    branch[7] = 98;
    assertThat(store.match("", branch, 19))
        .as("kept, having been found")
        .isEqualTo(new Match(3, 3));
  }

  @Test
  void whatIsKeptGivesWayToWhatIsNeeded() {
    store.release(computed(TOKENS, 12));
    KvTable other = new KvTable();
    int[] tokens = IntStream.range(100, 120).toArray();
    compute(other, tokens, 0, 12); // six blocks at once
    store.checkIntegrity(List.of(other));
    assertThat(store.match("", TOKENS, 12)).isEqualTo(new Match(0, 0));
  }

  private KvTable computed(int[] tokens, int count) {
    KvTable table = new KvTable();
    for (int at = 0; at < count; at += 2) {
      compute(table, tokens, at, 2);
    }
    return table;
  }

  private void compute(KvTable table, int[] tokens, int first, int count) {
    store.grow(table, (first + count + 1) / 2 - table.blocks().length);
    store.windows().cover(table, first, count);
    store.publish(table, "", tokens, first + count);
  }
}
