package io.yuntai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model file must be to run, and what is said of one that is not. */
class LoadedModelTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261122);
  private static final LoadOptions OPTIONS = new LoadOptions(0, 0, KvCache.Format.F32, 1);

  @TempDir Path folder;
  private final TinyModelFile model = new TinyModelFile();

  @Test
  void aWellFormedFileRuns() throws IOException {
    LoadedModel loaded = open();
    try (Decoder decoder = loaded.decoder()) {
      assertThat(loaded.architecture()).isEqualTo("llama");
      assertThat(decoder.contextTokens()).isEqualTo(64);
      assertThat(step(decoder)).hasSize(TinyModelFile.VOCABULARY).doesNotContain(Float.NaN);
    }
  }

  @Test
  void anUnknownArchitectureIsNamed() {
    model.metadata.put("general.architecture", MetadataValue.text("mamba"));
    assertRefused(
        "architecture 'mamba' is not supported; this engine runs deepseek2, gemma3, llama, ");
  }

  @Test
  void layersWithAStateInPlaceOfKeysAreRefusedByName() {
    model.metadata.put("general.architecture", MetadataValue.text("qwen3next"));
    assertRefused("'qwen3next' are gated delta nets");
  }

  @Test
  void aMissingTensorIsNamed() {
    model.tensors.remove("blk.0.ffn_up.weight");
    assertRefused("tensor 'blk.0.ffn_up.weight' is missing");
  }

  @Test
  void aTensorOfAnotherShapeIsNamed() {
    model.tensors.put("blk.0.attn_k.weight", new long[] {TinyModelFile.WIDTH, 17});
    assertRefused(
        "tensor blk.0.attn_k.weight has shape [32, 17], but the metadata asks for [32, 16]");
  }

  @Test
  void aMissingKeyIsNamed() {
    model.metadata.remove("llama.block_count");
    assertRefused("llama.block_count");
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    model.metadata.put("llama.attention.head_count", MetadataValue.uint32(0));
    assertRefused("llama.attention.head_count is 0, not between 1 and 4096");
  }

  @Test
  void ropeScalingThatIsNotHereIsNamed() {
    model.metadata.put("llama.rope.scaling.type", MetadataValue.text("dynamic"));
    assertRefused("llama.rope.scaling.type 'dynamic' is not supported");
  }

  @Test
  void aFileWithoutVocabularyStepsButDoesNotRead() throws IOException {
    LoadedModel loaded = open();
    try (Decoder decoder = loaded.decoder()) {
      assertThat(step(decoder)).isNotEmpty();
      assertThatThrownBy(loaded::tokenizer)
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("has no vocabulary");
    }
  }

  @Test
  void aTemplateThatDoesNotCompileIsToldToTheChatOnly() throws IOException {
    model.metadata.put("tokenizer.chat_template", MetadataValue.text("{% include 'x' %}"));
    LoadedModel loaded = open();
    try (Decoder decoder = loaded.decoder()) {
      assertThat(step(decoder)).isNotEmpty();
      assertThatThrownBy(() -> loaded.chatTemplate().orElseThrow().render(java.util.Map.of()))
          .hasMessageContaining("chat template can't be used");
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("missing.gguf");
    assertThatThrownBy(() -> LoadedModel.open(missing, OPTIONS))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("missing.gguf");
  }

  @Test
  void randomDamageIsRefusedOrHarmless() throws IOException {
    byte[] good = Files.readAllBytes(model.write(folder.resolve("good.gguf")));
    Random random = new Random(SEED);
    int header = 2048;
    for (int round = 0; round < 1500; round++) {
      byte[] bad = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bad[random.nextInt(header)] = (byte) random.nextInt(256);
      }
      Path file = folder.resolve("bad.gguf");
      Files.write(file, bad);
      try (Decoder decoder = LoadedModel.open(file, OPTIONS).decoder()) {
        step(decoder);
      } catch (ModelFormatException | NotEnoughMemoryException e) {
        assertThat(e.getMessage()).as("round %d, seed %d", round, SEED).isNotBlank();
      }
    }
  }

  private LoadedModel open() throws IOException {
    return LoadedModel.open(model.write(folder.resolve("tiny.gguf")), OPTIONS);
  }

  private void assertRefused(String complaint) {
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("tiny.gguf: ")
        .hasMessageContaining(complaint);
  }

  private static float[] step(Decoder decoder) {
    float[][] logits = new float[1][decoder.vocabularySize()];
    decoder.forward(
        new Batch(new int[] {1}, new int[] {0}, new int[] {0}, new int[][] {{0}}, new int[] {0}),
        logits);
    return logits[0];
  }
}
