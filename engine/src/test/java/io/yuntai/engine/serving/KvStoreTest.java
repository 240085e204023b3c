package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.serving.KvStore.Match;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvStoreTest {
  private static final int[] TOKENS = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final int[] OTHER = {1, 2, 9, 9, 9, 9, 9, 9};

  private final KvStore store = new KvStore(6, 2);

  @Test
  void whatWasComputedIsFoundInItsNamespaceOnly() {
    KvTable table = computed("a", TOKENS, 7);
    assertThat(match("a", TOKENS, 8)).isEqualTo(new Match(3, 0));
    assertThat(match("b", TOKENS, 8)).isEqualTo(new Match(0, 0));
    store.release(table);
    assertThat(match("a", TOKENS, 8)).isEqualTo(new Match(3, 3));
    assertThat(match("a", TOKENS, 5)).isEqualTo(new Match(2, 2));
    assertThat(match("a", OTHER, 8)).isEqualTo(new Match(1, 1));
    assertThat(store.cached()).isEqualTo(3);
    assertThat(store.available()).isEqualTo(6);
  }

  @Test
  void equalBlocksOfTwoWhoComputedAtOnceBecomeOne() {
    KvTable first = new KvTable();
    KvTable second = new KvTable();
    store.grow(first, 3);
    store.grow(second, 3);
    store.publish(first, "a", TOKENS, 5);
    store.publish(second, "a", TOKENS, 5);
    store.checkIntegrity(List.of(first, second));
    assertThat(second.blocks()).startsWith(first.blocks()[0], first.blocks()[1]);
    assertThat(store.available()).isEqualTo(2);
    assertThat(store.exclusive(List.of(first, second))).containsExactly(3, 1);
  }

  @Test
  void aPrefillTakesWhatAnotherHasStoredInTheMeantime() {
    KvTable slow = new KvTable();
    store.grow(slow, 4);
    store.publish(slow, "a", TOKENS, 1);
    KvTable fast = computed("a", TOKENS, 4);
    assertThat(store.adopt(slow, "a", TOKENS, 7)).isEqualTo(4);
    store.checkIntegrity(List.of(slow, fast));
    assertThat(store.available()).isEqualTo(2);
  }

  @Test
  void theLeafReleasedLongestAgoIsEvictedFirst() {
    KvTable first = computed("a", TOKENS, 4);
    KvTable second = computed("b", TOKENS, 4);
    store.release(first);
    store.release(second);
    KvTable taker = new KvTable();
    store.grow(taker, 3);
    assertThat(match("a", TOKENS, 8)).as("its second block").isEqualTo(new Match(1, 1));
    assertThat(match("b", TOKENS, 8)).isEqualTo(new Match(2, 2));
    store.grow(taker, 1);
    assertThat(match("a", TOKENS, 8)).isEqualTo(new Match(0, 0));
    store.checkIntegrity(List.of(taker));
  }

  @Test
  void whatIsUsedAgainStaysLonger() {
    KvTable first = computed("a", TOKENS, 4);
    KvTable second = computed("b", TOKENS, 4);
    store.release(first);
    store.release(second);
    KvTable again = new KvTable();
    store.adopt(again, "a", TOKENS, 7);
    store.release(again);
    store.grow(new KvTable(), 4);
    assertThat(match("a", TOKENS, 8)).isEqualTo(new Match(2, 2));
    assertThat(match("b", TOKENS, 8)).isEqualTo(new Match(0, 0));
  }

  @Test
  void whatIsHeldIsNeverEvicted() {
    KvTable holder = computed("a", TOKENS, 8);
    KvTable taker = new KvTable();
    store.grow(taker, 2);
    assertThat(store.available()).isZero();
    assertThatThrownBy(() -> store.grow(taker, 1)).hasMessage("no KV block can be evicted");
    store.checkIntegrity(List.of(holder, taker));
  }

  @Test
  void theIntegrityCheckFindsWhatIsForgottenOrCountedTwice() {
    KvTable table = computed("a", TOKENS, 4);
    assertThatThrownBy(() -> store.checkIntegrity(List.of()))
        .hasMessage("broken rule: references are counted");
    assertThatThrownBy(() -> store.checkIntegrity(List.of(table, table)))
        .hasMessage("broken rule: references are counted");
    KvTable own = new KvTable();
    store.grow(own, 1);
    assertThatThrownBy(() -> store.checkIntegrity(List.of(table)))
        .hasMessage("KV block %d is lost", own.blocks()[0]);
    assertThatThrownBy(() -> store.checkIntegrity(List.of(table, own, own)))
        .hasMessageContaining("KV block %d is held and also elsewhere", own.blocks()[0]);
  }

  private Match match(String namespace, int[] tokens, int most) {
    return store.match(namespace, tokens, most);
  }

  private KvTable computed(String namespace, int[] tokens, int count) {
    KvTable table = new KvTable();
    store.grow(table, Math.ceilDiv(count, 2));
    store.publish(table, namespace, tokens, count);
    return table;
  }
}
