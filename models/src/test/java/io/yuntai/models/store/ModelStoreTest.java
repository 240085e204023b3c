package io.yuntai.models.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  private static final String SHA256 = "0".repeat(64);
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final ModelReference SMOLLM2 = ModelReference.parse("smollm2:135m");
  private static final ModelReference HUB_FILE =
      ModelReference.parse("hf://org/repo/dir/file.gguf");

  @TempDir Path home;
  private ModelStore store;

  @BeforeEach
  void open() {
    store = new ModelStore(home, Catalog.load());
  }

  @Test
  void anEmptyHomeHasNoModelsAndIsNotTouched() throws IOException {
    assertThat(store.list()).isEmpty();
    assertThat(store.find(SMOLLM2)).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aCommittedModelIsFoundByEveryNameOfIt() throws Exception {
    StoredModel model = put(SMOLLM2, "weights");

    assertThat(store.find(SMOLLM2)).contains(model);
    assertThat(store.find(ModelReference.parse("SmolLM2"))).contains(model);
    assertThat(store.resolve(SMOLLM2))
        .hasValueSatisfying(file -> assertThat(file).hasContent("weights"));
    assertThat(model)
        .isEqualTo(
            new StoredModel(
                "smollm2:135m", model.file(), 7, SHA256, true, NOW, "hf://where/it/is.gguf", true));
  }

  @Test
  void anotherStoreOnTheSameHomeSeesTheSame() throws Exception {
    put(SMOLLM2, "weights");
    put(HUB_FILE, "more");

    assertThat(new ModelStore(home, Catalog.load()).list())
        .extracting(StoredModel::name)
        .containsExactly("hf://org/repo/dir/file.gguf", "smollm2:135m");
  }

  @Test
  void addressesThatLookAlikeOnceMadeSafeAreKeptApart() throws Exception {
    put(ModelReference.parse("hf://org/repo/a-b.gguf"), "one");
    put(ModelReference.parse("hf://org/repo/a/b.gguf"), "two");

    assertThat(store.list()).hasSize(2);
    assertThat(store.resolve(ModelReference.parse("hf://org/repo/a-b.gguf")).orElseThrow())
        .hasContent("one");
  }

  @Test
  void aUsersOwnFileIsUsedWhereItLiesAndNeverRemoved() throws IOException {
    Path own = Files.writeString(home.resolve("mine.gguf"), "mine");
    ModelReference reference = ModelReference.parse(own.toString());

    assertThat(store.find(reference))
        .hasValueSatisfying(model -> assertThat(model.owned()).isFalse());
    assertThat(store.resolve(ModelReference.parse(own.toUri().toString()))).contains(own);
    assertThatThrownBy(() -> store.remove(reference))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("your own file");
    assertThat(own).hasContent("mine");
    assertThat(store.list()).isEmpty();
  }

  @Test
  void aFolderIsNotAModel() {
    assertThatThrownBy(() -> store.find(ModelReference.parse(home.toString())))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("without config.json");
  }

  @Test
  void removingFreesTheBytes() throws Exception {
    put(SMOLLM2, "weights");

    assertThat(store.remove(SMOLLM2)).isGreaterThan(7);
    assertThat(store.list()).isEmpty();
    assertThat(home.resolve("models/.trash")).isEmptyDirectory();
  }

  @Test
  void removingWhatIsNotThereIsSaid() {
    assertThatThrownBy(() -> store.remove(SMOLLM2))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("not on this machine");
    assertThatThrownBy(() -> store.remove(ModelReference.parse("nobody:1b")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no model 'nobody:1b'");
  }

  @Test
  void anUnfinishedPullCanBeRemoved() throws Exception {
    Path partial = store.partial(store.key(SMOLLM2).orElseThrow());
    Files.writeString(partial.resolve("data"), "half");

    assertThat(store.list()).isEmpty();
    assertThat(store.remove(SMOLLM2)).isEqualTo(4);
    assertThat(partial).doesNotExist();
  }

  @Test
  void aModelBeingPulledIsNotRemoved() throws Exception {
    put(SMOLLM2, "weights");
    ModelLock lock = store.lock(store.key(SMOLLM2).orElseThrow(), holder -> {});

    assertThatThrownBy(() -> new ModelStore(home, Catalog.load()).remove(SMOLLM2))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is being pulled by process " + ProcessHandle.current().pid());
    lock.close();
    assertThat(store.remove(SMOLLM2)).isPositive();
  }

  @Test
  void aSecondTakerWaitsAndHearsWhoHoldsTheLock() throws Exception {
    StoreKey key = store.key(SMOLLM2).orElseThrow();
    ModelLock first = store.lock(key, holder -> {});
    CountDownLatch told = new CountDownLatch(1);
    List<String> holders = new ArrayList<>();
    FutureTask<ModelLock> second =
        new FutureTask<>(() ->
            store.lock(
                key,
                holder -> {
                  holders.add(holder);
                  told.countDown();
                }));
    Thread.ofVirtual().start(second);
    assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();

    first.close();

    second.get(20, TimeUnit.SECONDS).close();
    assertThat(holders).containsExactly("process " + ProcessHandle.current().pid());
  }

  @Test
  void aStaleLockFileMeansNothing() throws Exception {
    Path locks = Files.createDirectories(home.resolve("models/.locks"));
    Files.writeString(locks.resolve("smollm2--135m"), "process 1");

    put(SMOLLM2, "weights");

    assertThat(store.find(SMOLLM2)).isPresent();
  }

  @Test
  void aDamagedDescriptionOrFileIsNotListedAndGivesWayToANewOne() throws Exception {
    StoredModel model = put(SMOLLM2, "weights");
    for (String damage :
        List.of(
            "",
            "{",
            "{}",
            "[]",
            "null",
            "{\"file\":\"../../etc/passwd\",\"size_bytes\":1}",
            "\u0000")) {
      Files.writeString(model.file().resolveSibling("model.json"), damage);
      assertThat(store.list()).as(damage).isEmpty();
    }
    put(SMOLLM2, "weights");
    Files.writeString(model.file(), "cut");
    assertThat(store.find(SMOLLM2)).isEmpty();

    put(SMOLLM2, "weights again");

    assertThat(store.resolve(SMOLLM2).orElseThrow()).hasContent("weights again");
  }

  @Test
  void aCommitKilledBeforeItsLastStepIsFinished() throws Exception {
    StoreKey key = store.key(SMOLLM2).orElseThrow();
    put(SMOLLM2, "weights");
    Path whole = store.partial(key).resolve("whole");
    Files.move(home.resolve("models/smollm2--135m"), whole);
    assertThat(store.find(SMOLLM2)).isEmpty();

    assertThat(store.finish(key)).isPresent();

    assertThat(store.resolve(SMOLLM2).orElseThrow()).hasContent("weights");
    assertThat(home.resolve("models/.partial/smollm2--135m")).doesNotExist();
  }

  @Test
  void aCommitKilledBeforeItsFileMovedIsNoModel() throws Exception {
    StoreKey key = store.key(SMOLLM2).orElseThrow();
    put(SMOLLM2, "weights");
    Path whole = Files.createDirectories(store.partial(key).resolve("whole"));
    Files.move(home.resolve("models/smollm2--135m/model.json"), whole.resolve("model.json"));

    assertThat(store.finish(key)).isEmpty();
  }

  private StoredModel put(ModelReference reference, String content) throws IOException {
    StoreKey key = store.key(reference).orElseThrow();
    Path file = Files.writeString(store.partial(key).resolve("data"), content);
    return store.commit(key, List.of(file), SHA256, true, "hf://where/it/is.gguf", NOW);
  }
}
