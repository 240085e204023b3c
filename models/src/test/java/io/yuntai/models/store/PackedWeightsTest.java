package io.yuntai.models.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where packed weights lie, and that they go with what they are of. */
class PackedWeightsTest {
  private static final ModelReference SMOLLM2 = ModelReference.parse("smollm2:135m");

  @TempDir Path root;
  private Path home;
  private ModelStore store;
  private PackedWeights packed;

  @BeforeEach
  void open() {
    home = root.resolve("home");
    store = new ModelStore(home, Catalog.load());
    packed = new PackedWeights(home);
  }

  @Test
  void aModelOfTheStoreHasThemBesideItAndTakesThemAlong() throws IOException {
    StoreKey key = store.key(SMOLLM2).orElseThrow();
    Path file = store.partial(key).resolve("file");
    Files.writeString(file, "weights");
    StoredModel model =
        store.commit(
            key,
            List.of(file),
            "0".repeat(64),
            true,
            "source",
            Instant.parse("2026-11-22T10:00:00Z"));
    assertThat(packed.bytes(model)).isZero();

    pretendToPack(packed.folder(model), model.file(), 1000);
    assertThat(packed.folder(model)).hasParent(model.file().getParent());
    assertThat(packed.bytes(model)).isGreaterThan(1000);
    assertThat(store.find(SMOLLM2)).contains(model);

    assertThat(store.remove(SMOLLM2)).isGreaterThan(1000);
    assertThat(packed.folder(model)).doesNotExist();
  }

  @Test
  void aUsersOwnFileHasThemInTheHome() throws IOException {
    StoredModel one = ownFile("one/my model.gguf");
    StoredModel two = ownFile("two/my model.gguf");
    pretendToPack(packed.folder(one), one.file(), 1000);
    pretendToPack(packed.folder(two), two.file(), 2000);

    assertThat(packed.folder(one)).startsWith(home).isNotEqualTo(packed.folder(two));
    assertThat(packed.ownFiles()).containsExactly(one, two);
    assertThat(packed.remove(one.file())).isGreaterThan(1000).isLessThan(2000);
    assertThat(packed.ownFiles()).containsExactly(two);
    assertThat(one.file()).exists();
    assertThat(packed.remove(one.file())).isZero();
  }

  @Test
  void thoseOfFilesThatAreNoMoreAreRemoved() throws IOException {
    StoredModel one = ownFile("one.gguf");
    StoredModel two = ownFile("two.gguf");
    pretendToPack(packed.folder(one), one.file(), 1000);
    pretendToPack(packed.folder(two), two.file(), 2000);
    Files.delete(one.file());

    packed.removeOrphans();

    assertThat(packed.folder(one)).doesNotExist();
    assertThat(packed.folder(two)).exists();
  }

  @Test
  void foldersThatAreNotOursAreLeftAlone() throws IOException {
    Path strange = Files.createDirectories(home.resolve("packed/strange"));
    Files.writeString(strange.resolve("source.txt"), "relative/path\0");
    Path moved = Files.createDirectories(home.resolve("packed/moved"));
    Files.writeString(moved.resolve("source.txt"), ownFile("one.gguf").file().toString());

    packed.removeOrphans();

    assertThat(packed.ownFiles()).isEmpty();
    assertThat(strange).exists();
    assertThat(moved).exists();
  }

  private StoredModel ownFile(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "weights");
    return store.find(ModelReference.parse(file.toString())).orElseThrow();
  }

  private static void pretendToPack(Path folder, Path source, int bytes) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("source.txt"), source + "\n");
    Files.write(folder.resolve("packed-v1.weights"), new byte[bytes]);
  }
}
