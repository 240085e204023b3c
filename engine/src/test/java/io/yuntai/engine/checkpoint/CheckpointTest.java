package io.yuntai.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.decoder.Sequence;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.quantize.ModelWriter;
import io.yuntai.engine.quantize.QuantizationReport;
import io.yuntai.engine.quantize.SourceModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "llama, 1",
    "llama, 3",
    "qwen2, 1",
    "qwen3, 2",
    "qwen2moe, 1",
    "qwen3moe, 5",
    "deepseek2, 1",
    "deepseek-v3, 4",
    "gemma3, 1"
  })
  void aPublishedModelComputesTheSameBits(String name, int shards) throws Exception {
    Path original = resource(name);
    Path converted = converted(original, shards);

    assertThat(logits(converted)).isDeepEqualTo(logits(original));
  }

  @ParameterizedTest
  @CsvSource({"llama", "llama31", "qwen2moe", "deepseek-v3", "gemma3"})
  void tensorsAreThoseOfTheOriginal(String name) throws Exception {
    Path original = resource(name);
    try (GgufFile expected = GgufFile.open(original);
        GgufFile actual = GgufFile.open(converted(original, 1))) {
      for (TensorInfo tensor : expected.tensors()) {
        if (tensor.name().equals("rope_freqs.weight")) {
          continue; // Made of settings; see RopeSettingsTest.
        }
        TensorInfo found = actual.tensor(tensor.name());
        assertThat(found.shape()).as(tensor.name()).isEqualTo(tensor.shape());
        assertThat(PublishedForm.values(found))
            .as(tensor.name())
            .isEqualTo(PublishedForm.values(tensor));
      }
    }
  }

  @Test
  void aFileThatAnIndexListsMustBeThere() throws Exception {
    publish("llama", 3);
    Files.delete(folder.resolve("model-00002-of-00003.safetensors"));

    refused().hasMessageContaining("model-00002-of-00003.safetensors, which is missing");
  }

  @Test
  void anIndexMustFitItsFiles() throws Exception {
    publish("llama", 2);
    Path index = folder.resolve("model.safetensors.index.json");
    String intact = Files.readString(index);

    Files.writeString(index, intact.replace("model.norm.weight", "model.nurm.weight"));
    refused().hasMessageContaining("model.nurm.weight");
    Files.writeString(index, intact.replace("model-00001-of", "../model-00001-of"));
    refused().hasMessageContaining("not in the checkpoint's folder");
    Files.writeString(index, "{\"weight_map\":{}}");
    refused().hasMessageContaining("lists 0 files");
    Files.writeString(index, "{}");
    refused().hasMessageContaining("weight_map");
  }

  @Test
  void whatWouldBeComputedOtherwiseIsRefusedByName() throws Exception {
    publish("llama", 1);
    Path config = folder.resolve("config.json");
    String intact = Files.readString(config);

    refusedWith(config, intact, "\"mlp_bias\":true", "mlp_bias is true");
    refusedWith(config, intact, "\"hidden_act\":\"gelu\"", "hidden_act is gelu");
    refusedWith(config, intact, "\"quantization_config\":{}", "quantised already");
    refusedWith(
        config, intact, "\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2}", "'dynamic'");
    refusedWith(config, intact, "\"head_dim\":15", "even");
    Files.writeString(config, intact.replace("\"llama\"", "\"mamba\""));
    refused().hasMessageContaining("model_type 'mamba'").hasMessageContaining("qwen3_moe");
  }

  private void refusedWith(Path config, String intact, String added, String message)
      throws IOException {
    Files.writeString(config, "{" + added + "," + intact.substring(1));
    refused().hasMessageContaining(message);
  }

  @Test
  void aTensorWithoutAPlaceIsRefusedAndThoseOfNoUseAreNot() throws Exception {
    publish("llama", 1);
    assertThatMapping("model.layers.0.self_attn.q_proj.bias")
        .hasMessageContaining("self_attn.q_proj.bias");
    assertThatMapping("model.layers.0.self_attn.gate.weight")
        .hasMessageContaining("self_attn.gate.weight");
    addTensor("model.layers.0.self_attn.rotary_emb.inv_freq");
    try (SourceModel model = Checkpoint.open(folder, "tiny")) {
      assertThat(model.tensors()).noneMatch(tensor -> tensor.name().contains("inv_freq"));
    }
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertThatMapping(
      String tensor) throws Exception {
    publish("llama", 1);
    addTensor(tensor);
    return refused();
  }

  /** Names a present vector once more. */
  private void addTensor(String name) throws Exception {
    publish("llama", 1);
    Path weights = folder.resolve("model.safetensors");
    String all = Files.readString(weights, java.nio.charset.StandardCharsets.ISO_8859_1);
    int end = all.indexOf("}}") + 1;
    String entry = all.substring(all.indexOf("\"model.norm.weight\""));
    entry = entry.substring(entry.indexOf(':'), entry.indexOf('}') + 1);
    String header = all.substring(8, end) + ",\"" + name + "\"" + entry + "}";
    java.nio.ByteBuffer length =
        java.nio.ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    length.putLong(header.length());
    Files.writeString(
        weights,
        new String(length.array(), java.nio.charset.StandardCharsets.ISO_8859_1)
            + header
            + all.substring(end + 1),
        java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Test
  void damagedFilesAreRefusedOrRead() throws Exception {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    publish("qwen3moe", 2);
    PublishedTokenizers.byteLevel(folder, PublishedTokenizers.QWEN_2, false);
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.sorted().toList();
    }
    for (int i = 0; i < 600; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] intact = Files.readAllBytes(file);
      byte[] damaged = damage(intact, random);
      Files.write(file, damaged);
      try (SourceModel model = Checkpoint.open(folder, "damaged")) {
        assertThat(model.tensors()).isNotEmpty();
      } catch (ModelFormatException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
      Files.write(file, intact);
    }
  }

  private static byte[] damage(byte[] intact, Random random) {
    int length = random.nextInt(8) == 0 ? random.nextInt(intact.length + 1) : intact.length;
    byte[] damaged = java.util.Arrays.copyOf(intact, length);
    // The heads are where the structure is.
    int reach = Math.min(length, 4096);
    for (int n = 0; n < 1 + random.nextInt(3) && reach > 0; n++) {
      damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused() {
    return assertThatThrownBy(() -> Checkpoint.open(folder, "tiny").close())
        .isInstanceOf(ModelFormatException.class);
  }

  private void publish(String name, int shards) throws Exception {
    try (GgufFile file = GgufFile.open(resource(name))) {
      PublishedForm.write(file, folder, shards);
    }
  }

  private Path converted(Path original, int shards) throws Exception {
    try (GgufFile file = GgufFile.open(original)) {
      PublishedForm.write(file, folder, shards);
    }
    Path target = folder.resolve("converted.gguf");
    try (SourceModel model = Checkpoint.open(folder, "tiny")) {
      QuantizationReport report =
          new ModelWriter(2, false, ModelWriter.Progress.NONE).write(model, null, target);
      assertThat(report.tensors()).allMatch(tensor -> tensor.squaredError() == 0);
    }
    return target;
  }

  private static float[][] logits(Path file) {
    int[] tokens = IntStream.range(0, 40).map(i -> (i * i * 7 + 13 * i + 5) % 160).toArray();
    List<float[]> all = new ArrayList<>();
    try (Decoder decoder =
        LoadedModel.open(file, new LoadOptions(0, 0, KvCache.Format.F32, 2)).decoder()) {
      all.addAll(List.of(new Sequence(decoder, 0).append(tokens)));
    }
    return all.toArray(float[][]::new);
  }

  private static Path resource(String name) throws URISyntaxException {
    String file = name.equals("gemma3") ? "gemma3-00001-of-00002.gguf" : name + ".gguf";
    return Path.of(
        Objects.requireNonNull(CheckpointTest.class.getResource("/io/yuntai/engine/models/" + file))
            .toURI());
  }
}
