package io.yuntai.models.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.pull.PullEvent.Phase;
import io.yuntai.models.pull.PullEvent.Progress;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoreException;
import io.yuntai.models.store.StoredModel;
import io.yuntai.models.testing.FileServer;
import io.yuntai.models.testing.FileServer.Fault;
import io.yuntai.models.transfer.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories and users' own checkpoints, converted by something that joins files. */
class ConversionTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String AT = "/org/repo/resolve/" + COMMIT + "/";
  private static final ModelReference REPOSITORY = ModelReference.parse("hf://org/repo");

  @TempDir Path home;
  @TempDir Path own;
  private final Map<String, String> environment = new HashMap<>();
  private final List<PullEvent> events = new CopyOnWriteArrayList<>();
  private final List<CheckpointConverter.Work> conversions = new ArrayList<>();
  private FileServer hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FileServer(new byte[0]);
    environment.put("HF_ENDPOINT", hub.address());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aCheckpointOfARepositoryIsPulledAndConverted() throws Exception {
    serveCheckpoint();

    StoredModel model = pull(REPOSITORY);

    assertThat(model.name()).isEqualTo("hf://org/repo");
    assertThat(model.file()).hasFileName("repo.gguf");
    assertThat(Files.readString(model.file(), StandardCharsets.ISO_8859_1))
        .startsWith("GGUF null config.json model-00001-of-00002.safetensors")
        .doesNotContain("README")
        .doesNotContain("consolidated");
    assertThat(pull(REPOSITORY)).isEqualTo(model);
    assertThat(conversions).hasSize(1);
    assertThat(conversions.getFirst().name()).isEqualTo("repo");
    assertThat(phases()).contains(Phase.CONVERT);
    try (Stream<Path> left = Files.list(home.resolve("models/.partial"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aWayToQuantiseMakesAnotherModel() throws Exception {
    serveCheckpoint();
    StoredModel plain = pull(REPOSITORY);
    StoredModel quantised = pull(ModelReference.parse("hf://org/repo#quantize=q8_0"));

    assertThat(quantised.file()).hasFileName("repo-q8_0.gguf").isNotEqualTo(plain.file());
    assertThat(conversions)
        .extracting(CheckpointConverter.Work::recipe)
        .containsExactly(null, "q8_0");
    assertThat(store().list()).hasSize(2);
  }

  @Test
  void aPullThatWasCutGoesOn() throws Exception {
    serveCheckpoint();
    hub.dataFaults.add(new Fault.Status(403, Map.of()));
    hub.dataFaults.add(new Fault.Status(403, Map.of()));
    assertThatThrownBy(() -> pull(REPOSITORY)).isInstanceOf(PullException.class);
    hub.dataFaults.clear();
    pull(REPOSITORY);
    int first = hub.dataRequests().size();

    assertThat(conversions).hasSize(1);
    assertThat(first).isGreaterThan(5);
  }

  @Test
  void aFileThatIsNotWhatTheHubPromisesIsRefused() throws Exception {
    serveCheckpoint();
    hub.alwaysSend(Map.of("X-Linked-Etag", "\"" + "a".repeat(64) + "\""));

    assertThatThrownBy(() -> pull(REPOSITORY))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("promised");
    assertThat(conversions).isEmpty();
  }

  @Test
  void aRepositoryWithOneGgufFileGivesThat() throws Exception {
    hub.serve(listing(), json("README.md", "model-Q8_0.gguf", "config.json", "model.safetensors"));
    hub.serve(AT + "model-Q8_0.gguf", "GGUF and more".getBytes(StandardCharsets.UTF_8));

    assertThat(pull(REPOSITORY).file()).hasContent("GGUF and more");
    assertThat(conversions).isEmpty();
  }

  @Test
  void ofSeveralGgufFilesTheUsualOneIsTaken() throws Exception {
    hub.serve(listing(), json("m-Q8_0.gguf", "m-Q4_K_M.gguf", "mmproj-f16.gguf"));
    hub.serve(AT + "m-Q4_K_M.gguf", "GGUF 4".getBytes(StandardCharsets.UTF_8));
    hub.serve(AT + "m-Q8_0.gguf", "GGUF 8".getBytes(StandardCharsets.UTF_8));

    assertThat(pull(REPOSITORY).file()).hasContent("GGUF 4");
    assertThat(pull(ModelReference.parse("hf://org/repo#quantize=q8_0")).file())
        .hasContent("GGUF 8");
    assertThatThrownBy(() -> pull(ModelReference.parse("hf://org/repo#quantize=q6_k")))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("m-Q4_K_M.gguf, m-Q8_0.gguf; name one");
  }

  @Test
  void aRepositoryWithoutAModelIsRefused() throws Exception {
    hub.serve(listing(), json("README.md", "pytorch_model.bin", "config.json"));

    assertThatThrownBy(() -> pull(REPOSITORY))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("neither a GGUF file nor config.json");
  }

  @Test
  void aUsersCheckpointIsConvertedOnceAndAgainWhenItChanges() throws Exception {
    ownCheckpoint();
    ModelReference reference = ModelReference.parse(own.toString());

    StoredModel model = pull(reference);
    assertThat(store().find(reference)).contains(model);
    assertThat(pull(reference)).isEqualTo(model);
    assertThat(conversions).hasSize(1);

    Files.writeString(own.resolve("config.json"), "{\"other\":1}");
    StoredModel changed = pull(reference);
    assertThat(conversions).hasSize(2);
    assertThat(changed.file()).isNotEqualTo(model.file());
    assertThat(store().list()).containsExactly(changed);
    assertThat(own.resolve("config.json")).exists();
  }

  @Test
  void whatWasMadeOfAUsersFilesCanBeRemovedEvenWhenTheyAreGone() throws Exception {
    ownCheckpoint();
    ModelReference reference = ModelReference.parse(own + "#quantize=q8_0");
    StoredModel model = pull(reference);
    Files.delete(own.resolve("config.json"));

    assertThat(store().remove(reference)).isGreaterThanOrEqualTo(model.sizeBytes());
    assertThat(store().list()).isEmpty();
    assertThat(own.resolve("model.safetensors")).exists();
  }

  @Test
  void aUsersFileIsQuantisedIntoTheStore() throws Exception {
    Path file = Files.writeString(own.resolve("big.gguf"), "GGUF big");
    StoredModel model = pull(ModelReference.parse(file + "#quantize=q8_0"));

    assertThat(model.file()).hasFileName("big-q8_0.gguf").startsWith(home);
    assertThat(conversions.getFirst().source()).isEqualTo(file);
    assertThat(file).hasContent("GGUF big");
  }

  @Test
  void aFailedConversionLeavesNoModel() throws Exception {
    ownCheckpoint();
    Files.writeString(own.resolve("config.json"), "bad");

    assertThatThrownBy(() -> pull(ModelReference.parse(own.toString())))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("it is bad");
    assertThat(store().list()).isEmpty();
  }

  @Test
  void aFolderWithoutAModelIsRefused() {
    assertThatThrownBy(() -> pull(ModelReference.parse(own.toString())))
        .isInstanceOfAny(PullException.class, StoreException.class)
        .hasMessageContaining("config.json");
    assertThatThrownBy(() -> pull(ModelReference.parse(own + "/none.gguf#quantize=q8_0")))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("There is no file");
  }

  private void ownCheckpoint() throws IOException {
    Files.writeString(own.resolve("config.json"), "{}");
    Files.writeString(own.resolve("model.safetensors"), "weights");
  }

  private void serveCheckpoint() {
    hub.serve(
        listing(),
        json(
            "README.md",
            "config.json",
            "consolidated.safetensors",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json",
            "../../evil/config.json"));
    Random random = new Random(1);
    for (String name :
        List.of(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json")) {
      byte[] bytes = new byte[5_000];
      random.nextBytes(bytes);
      hub.serve(AT + name, bytes);
    }
  }

  private static String listing() {
    return "/api/models/org/repo/revision/main";
  }

  private static byte[] json(String... files) {
    StringBuilder siblings = new StringBuilder();
    for (String file : files) {
      siblings.append(siblings.isEmpty() ? "" : ",").append("{\"rfilename\":\"" + file + "\"}");
    }
    return ("{\"id\":\"org/repo\",\"sha\":\"" + COMMIT + "\",\"siblings\":[" + siblings + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private List<Phase> phases() {
    return events.stream()
        .filter(Progress.class::isInstance)
        .map(event -> ((Progress) event).phase())
        .distinct()
        .toList();
  }

  private StoredModel pull(ModelReference reference) throws InterruptedException {
    return new Puller(store(), new Catalog(List.of()), environment, this::convert)
        .pull(reference, events::add);
  }

  private ModelStore store() {
    return new ModelStore(home, new Catalog(List.of()));
  }

  private void convert(
      CheckpointConverter.Work work, Path gguf, CheckpointConverter.Progress progress)
      throws SourceException, IOException {
    conversions.add(work);
    if (Files.isRegularFile(work.source())) {
      Files.writeString(gguf, "GGUF " + work.recipe());
      return;
    }
    if (Files.readString(work.source().resolve("config.json"), StandardCharsets.ISO_8859_1)
        .equals("bad")) {
      throw new SourceException("it is bad");
    }
    StringBuilder joined = new StringBuilder("GGUF " + work.recipe());
    try (Stream<Path> files = Files.list(work.source())) {
      for (Path file : files.sorted().toList()) {
        joined.append(' ').append(file.getFileName());
        joined.append(' ').append(Files.size(file));
      }
    }
    // Names in order first, as the test looks at them.
    Files.writeString(gguf, joined.toString().replaceAll(" \\d+(?= |$)", ""));
    progress.at(10, 10);
  }
}
