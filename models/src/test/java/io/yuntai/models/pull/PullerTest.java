package io.yuntai.models.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.CatalogSource;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.Pin;
import io.yuntai.models.pull.PullEvent.Phase;
import io.yuntai.models.pull.PullEvent.Progress;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import io.yuntai.models.testing.FileServer;
import io.yuntai.models.testing.FileServer.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullerTest {
  private static final ModelReference HUB_FILE =
      ModelReference.parse("hf://org/repo/dir/tiny.gguf");
  private static final ModelReference PART_TWO =
      ModelReference.parse("hf://org/repo/big-00002-of-00003.gguf");
  private static final ModelReference TINY = ModelReference.parse("tiny:1b");

  @TempDir Path home;
  private final byte[] content = gguf(300_000, 1);
  private final List<PullEvent> events = new CopyOnWriteArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private FileServer huggingFace;
  private FileServer modelScope;

  @BeforeEach
  void start() throws IOException {
    huggingFace = new FileServer(content);
    modelScope = new FileServer(content);
    environment.put("HF_ENDPOINT", huggingFace.address() + "/");
    environment.put("MODELSCOPE_DOMAIN", modelScope.address());
  }

  @AfterEach
  void stop() {
    huggingFace.close();
    modelScope.close();
  }

  @Test
  void aFileOnAHubIsPulledAndFoundAgain() throws Exception {
    StoredModel model = pull(HUB_FILE);

    assertThat(model.file()).hasBinaryContent(content).hasFileName("tiny.gguf");
    assertThat(model.sha256()).isEqualTo(sha256(content));
    assertThat(model.pinned()).isFalse();
    assertThat(store().find(HUB_FILE)).contains(model);
    assertThat(huggingFace.requests)
        .allMatch(request -> request.path().equals("/org/repo/resolve/main/dir/tiny.gguf"));
    assertThat(home.resolve("models/.partial")).isEmptyDirectory();
  }

  @Test
  void whatIsHereIsNotPulledAgain() throws Exception {
    StoredModel first = pull(HUB_FILE);
    huggingFace.requests.clear();

    assertThat(pull(HUB_FILE)).isEqualTo(first);
    assertThat(huggingFace.requests).isEmpty();
  }

  @Test
  void eventsTellTheSourceTheBytesTheCheckAndTheEnd() throws Exception {
    pull(HUB_FILE);

    assertThat(events).first().isEqualTo(new PullEvent.Trying("hf://org/repo/dir/tiny.gguf"));
    assertThat(events).last().isEqualTo(new PullEvent.Done(sha256(content), false));
    List<Progress> progress =
        events.stream().filter(Progress.class::isInstance).map(Progress.class::cast).toList();
    assertThat(progress).allMatch(each -> each.totalBytes() == content.length);
    for (Phase phase : List.of(Phase.DOWNLOAD, Phase.VERIFY)) {
      List<Long> bytes =
          progress.stream().filter(each -> each.phase() == phase).map(Progress::bytes).toList();
      assertThat(bytes).isSorted().first().isEqualTo(0L);
      assertThat(bytes).last().isEqualTo((long) content.length);
    }
  }

  @Test
  void theTokenGoesToItsHubOnly() throws Exception {
    environment.put("HF_TOKEN", "hf_secret");
    try (FileServer store = new FileServer(content)) {
      for (int i = 0; i < 10; i++) {
        huggingFace.faults.add(
            new Fault.Status(
                302,
                Map.of(
                    "Location", store.address() + "/signed",
                    "X-Linked-Size", String.valueOf(content.length),
                    "X-Linked-Etag", "\"" + sha256(content) + "\"")));
      }

      pull(HUB_FILE);

      assertThat(huggingFace.requests)
          .allMatch(request -> request.authorization().equals("Bearer hf_secret"));
      assertThat(store.requests)
          .isNotEmpty()
          .allMatch(request -> request.authorization().isEmpty());
    }
    assertThat(events.toString()).doesNotContain("hf_secret");
  }

  @Test
  void whatTheHubItselfPromisesIsHeld() {
    huggingFace.alwaysSend(Map.of("X-Linked-Etag", "\"" + "a".repeat(64) + "\""));

    assertThatThrownBy(() -> pull(HUB_FILE))
        .isInstanceOf(PullException.class)
        .hasMessageContaining(
            "hf://org/repo/dir/tiny.gguf: the file has the SHA-256 " + sha256(content))
        .hasMessageContaining("discarded");
    assertThat(store().list()).isEmpty();
    assertThat(home.resolve("models/.partial")).isDirectoryNotContaining("glob:**/data");
  }

  @Test
  void aPageInsteadOfAModelIsRefused() {
    huggingFace.replace(
        "<!doctype html><p>Sign in".repeat(100).getBytes(StandardCharsets.UTF_8), "\"page\"");

    assertThatThrownBy(() -> pull(HUB_FILE))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("not a GGUF file");
  }

  @Test
  void aPinnedModelIsPinned() throws Exception {
    assertThat(pull(TINY).pinned()).isTrue();
    assertThat(events).last().isEqualTo(new PullEvent.Done(sha256(content), true));
    assertThat(modelScope.requests).isEmpty();
  }

  @Test
  void theNextSourceIsTriedWhenOneGivesAnotherFile() throws Exception {
    huggingFace.replace(gguf(content.length, 2), "\"other\"");

    StoredModel model = pull(TINY);

    assertThat(model.file()).hasBinaryContent(content);
    assertThat(model.source()).isEqualTo("modelscope://org/repo/tiny.gguf");
    assertThat(modelScope.requests.getFirst().path())
        .isEqualTo("/models/org/repo/resolve/master/tiny.gguf");
    assertThat(events)
        .anySatisfy(event ->
            assertThat(event)
                .isInstanceOfSatisfying(
                    PullEvent.SourceFailed.class,
                    failed ->
                        assertThat(failed.reason()).contains("the expected " + sha256(content))));
  }

  @Test
  void anotherSizeThanThePinnedIsRefusedAtOnce() throws Exception {
    huggingFace.replace(gguf(content.length + 1, 2), "\"other\"");

    pull(TINY);

    assertThat(huggingFace.dataRequests()).isEmpty();
  }

  @Test
  void allSourcesAreReportedWhenNoneWorks() {
    huggingFace.close();
    modelScope.faults.add(new Fault.Status(404, Map.of()));
    environment.put("PATH", home.toString());

    assertThatThrownBy(() -> pull(TINY))
        .isInstanceOfSatisfying(
            PullException.class,
            e -> {
              assertThat(e.attempts()).hasSize(3);
              assertThat(e)
                  .hasMessageContaining("tiny:1b could not be pulled; all its sources failed:")
                  .hasMessageContaining("hf://org/repo/tiny.gguf: 127.0.0.1 can't be reached")
                  .hasMessageContaining(
                      "modelscope://org/repo/tiny.gguf: the file is not there (HTTP 404")
                  .hasMessageContaining("pypi://tiny==1/tiny/tiny.gguf: no working pip");
            });
  }

  @Test
  void anUnknownNameIsAnsweredWithNearOnes() {
    assertThatThrownBy(() -> pull(ModelReference.parse("tinny:1b")))
        .isInstanceOf(PullException.class)
        .hasMessage("There is no model 'tinny:1b'. Did you mean tiny:1b?");
    assertThatThrownBy(() -> pull(ModelReference.parse("zzzzzzzzz")))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("There is no model 'zzzzzzzzz'");
  }

  @Test
  void aSplitModelComesWholeWhicheverPartIsNamed() throws Exception {
    byte[] joined = serveParts();

    StoredModel model = pull(PART_TWO);

    assertThat(model.file()).hasFileName("big-00001-of-00003.gguf");
    assertThat(model.name()).isEqualTo("hf://org/repo/big-00001-of-00003.gguf");
    assertThat(model.sizeBytes()).isEqualTo(joined.length);
    assertThat(model.sha256()).isEqualTo(sha256(joined));
    for (int i = 1; i <= 3; i++) {
      String name = "big-0000%d-of-00003.gguf".formatted(i);
      assertThat(model.file().resolveSibling(name))
          .hasBinaryContent(huggingFace.contents.get(name));
    }
    assertThat(store().list()).containsExactly(model);
    huggingFace.requests.clear();
    assertThat(pull(ModelReference.parse("hf://org/repo/big-00003-of-00003.gguf")))
        .isEqualTo(model);
    assertThat(huggingFace.requests).isEmpty();

    assertThat(store().remove(PART_TWO)).isGreaterThanOrEqualTo(joined.length);
    assertThat(store().list()).isEmpty();
  }

  @Test
  void aSplitPullGoesOnWithThePartThatFailed() throws Exception {
    byte[] joined = serveParts();
    byte[] second = huggingFace.contents.get("big-00002-of-00003.gguf");
    huggingFace.contents.put(
        "big-00002-of-00003.gguf", "<p>Sign in".repeat(20_000).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> pull(PART_TWO))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("big-00002-of-00003.gguf is not a GGUF file");
    assertThat(store().list()).isEmpty();

    huggingFace.contents.put("big-00002-of-00003.gguf", second);
    huggingFace.requests.clear();
    assertThat(pull(PART_TWO).sha256()).isEqualTo(sha256(joined));
    assertThat(huggingFace.dataRequests())
        .noneMatch(request -> request.path().contains("big-00001"));
  }

  @Test
  void aModelThatLacksAPartIsNotThere() throws Exception {
    serveParts();
    StoredModel model = pull(PART_TWO);
    Files.delete(model.file().resolveSibling("big-00003-of-00003.gguf"));

    assertThat(store().find(PART_TWO)).isEmpty();
    assertThat(pull(PART_TWO).sha256()).isEqualTo(model.sha256());
  }

  private byte[] serveParts() {
    byte[][] parts = {gguf(300_000, 5), gguf(200_001, 6), gguf(120_000, 7)};
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = 0; i < parts.length; i++) {
      huggingFace.contents.put("big-0000%d-of-00003.gguf".formatted(i + 1), parts[i]);
      joined.writeBytes(parts[i]);
    }
    return joined.toByteArray();
  }

  @Test
  void aModelInSafetensorsOnlyIsRefusedByName() {
    ModelStore store = new ModelStore(home, Catalog.load());
    Puller puller = new Puller(store, Catalog.load(), environment);

    assertThatThrownBy(() -> puller.pull(ModelReference.parse("deepseek-v3:671b"), events::add))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("deepseek-v3:671b is published as safetensors only");
    assertThat(huggingFace.requests).isEmpty();
  }

  @Test
  void aUsersOwnFileIsOnlyLookedAt() throws Exception {
    Path own = Files.write(home.resolve("own.gguf"), content);

    StoredModel model = pull(ModelReference.parse(own.toString()));

    assertThat(model.file()).isEqualTo(own);
    assertThat(model.owned()).isFalse();
    assertThatThrownBy(() -> pull(ModelReference.parse(home.resolve("nothing.gguf").toString())))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("There is no file");
  }

  @Test
  void tooLittleRoomEndsThePullWithoutTryingOthers() {
    PullPorts standard = PullPorts.standard();
    PullPorts cramped =
        new PullPorts(
            standard.transferLimits(),
            standard.wheelLimits(),
            any -> 1000,
            standard.pause(),
            standard.clock(),
            standard.nanoTime());

    assertThatThrownBy(
            () -> new Puller(store(), catalog(), environment, cramped).pull(TINY, events::add))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("Not enough disk space")
        .hasMessageContaining("300000 bytes are needed");
    assertThat(modelScope.requests).isEmpty();
  }

  @Test
  void aProxyFromTheEnvironmentIsUsed() throws Exception {
    environment.put("HF_ENDPOINT", "http://hub.invalid");
    environment.put("HTTP_PROXY", huggingFace.address());

    assertThat(pull(HUB_FILE).file()).hasBinaryContent(content);
  }

  @Test
  void anEndpointThatIsNoAddressIsNamed() {
    environment.put("HF_ENDPOINT", "ftp://mirror");

    assertThatThrownBy(() -> pull(HUB_FILE))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("HF_ENDPOINT is 'ftp://mirror', which is not an address");
  }

  private StoredModel pull(ModelReference reference) throws InterruptedException {
    return new Puller(store(), catalog(), environment).pull(reference, events::add);
  }

  private ModelStore store() {
    return new ModelStore(home, catalog());
  }

  private Catalog catalog() {
    List<CatalogSource> sources =
        List.of(
            new CatalogSource.Single(ModelReference.parse("hf://org/repo/tiny.gguf")),
            new CatalogSource.Single(ModelReference.parse("modelscope://org/repo/tiny.gguf")),
            new CatalogSource.Single(ModelReference.parse("pypi://tiny==1/tiny/tiny.gguf")));
    Pin pin = new Pin(content.length, sha256(content));
    return new Catalog(
        List.of(new CatalogEntry("tiny:1b", "Tiny.", "Apache-2.0", 8192, pin, sources)));
  }

  private static byte[] gguf(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    System.arraycopy("GGUF".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 4);
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
