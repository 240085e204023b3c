package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.adapter.RandomAdapter;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that are damaged, or none for the model, or ask for what is not done here. */
class DamagedAdaptersTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261124);
  private static final int WIDTH = 32;
  private static final String QUERY = "blk.0.attn_q";
  private static final Map<String, String> MODULES =
      Map.of(
          QUERY, "model.layers.0.self_attn.q_proj", "blk.0.ffn_up", "model.layers.0.mlp.up_proj");

  @TempDir Path folder;
  private Decoder decoder;

  @BeforeEach
  void openModel() {
    RandomModel model = new RandomModel("llama", SEED);
    model.put("block_count", 1).put("context_length", 64).put("embedding_length", WIDTH);
    model.put("feed_forward_length", 64).put("attention.head_count", 2);
    model.put("attention.head_count_kv", 1).put("attention.layer_norm_rms_epsilon", 1e-6f);
    model.matrix("token_embd.weight", WIDTH, 40).norm("output_norm.weight", WIDTH);
    model.norm("blk.0.attn_norm.weight", WIDTH).norm("blk.0.ffn_norm.weight", WIDTH);
    model.matrix("blk.0.attn_q.weight", WIDTH, WIDTH).matrix("blk.0.attn_k.weight", WIDTH, 16);
    model.matrix("blk.0.attn_v.weight", WIDTH, 16).matrix("blk.0.attn_output.weight", WIDTH, WIDTH);
    model.matrix("blk.0.ffn_gate.weight", WIDTH, 64).matrix("blk.0.ffn_up.weight", WIDTH, 64);
    model.matrix("blk.0.ffn_down.weight", 64, WIDTH);
    decoder = Agreement.open(model.write(folder.resolve("model.gguf")));
  }

  @AfterEach
  void closeModel() {
    decoder.close();
  }

  private static RandomAdapter adapter() {
    return new RandomAdapter("llama", 8, SEED)
        .add(QUERY, WIDTH, WIDTH, 4)
        .add("blk.0.ffn_up", WIDTH, 64, 4);
  }

  @Test
  void whatAGgufFileMustSay() throws IOException {
    refused(key("general.type", MetadataValue.text("model")), "file of type 'model'");
    refused(key("adapter.type", MetadataValue.text("dora")), "adapter of type 'dora'");
    refused(key("general.architecture", MetadataValue.text("qwen2")), "'qwen2'", "'llama'");
    refused(key("adapter.lora.alpha", MetadataValue.float32(Float.NaN)), "factor NaN");
    refused(key("adapter.lora.alpha", MetadataValue.text("8")), "floating-point");
    refused(key("adapter.alora.invocation_tokens", MetadataValue.uint32(1)), "activated LoRA");
    refused(tensor("blk.0.attn_norm.weight", WIDTH), "no part of a low-rank adapter");
    refused(tensor("blk.0.attn_k.weight.lora_a", WIDTH, 4), "no partner");
    refused(tensor("blk.0.attn_k.weight.lora_b", 4, 16), "no partner");
    refused(new RandomAdapter("llama", 8, SEED).gguf(TensorType.F32), "has no tensors");
  }

  private static GgufWriter key(String key, MetadataValue value) {
    // A writer keeps the last value of a key.
    return adapter().gguf(TensorType.F32).put(key, value);
  }

  private static GgufWriter tensor(String name, long... shape) {
    long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return adapter()
        .gguf(TensorType.F32)
        .tensor(name, Arrays.stream(shape).boxed().toList(), new float[(int) elements]);
  }

  @ParameterizedTest
  @CsvSource({
    "blk.0.attn_q, 33, 32, 4, 'has 33 columns, but the model''s blk.0.attn_q has 32'",
    "blk.0.attn_q, 32, 31, 4, 'has 31 rows, but the model''s blk.0.attn_q has 32'",
    "blk.1.attn_q, 32, 32, 4, 'the model has 1 layers'",
    "blk.x.attn_q, 32, 32, 4, 'only layers'' matrices'",
    "blk.0.attn_qkv, 32, 64, 4, 'which the model does not have'",
    "blk.0.ffn_gate_exps, 32, 64, 4, 'is not supported'",
    "token_embd, 32, 40, 4, 'only layers'' matrices'",
    "output, 32, 40, 4, 'only layers'' matrices'",
    "blk.0.attn_q, 32, 32, 1025, 'rank 1,025; at most 1,024'"
  })
  void whatMustFitTheModel(String name, int columns, int rows, int rank, String message)
      throws IOException {
    RandomAdapter adapter = new RandomAdapter("llama", 8, SEED).add(name, columns, rows, rank);
    refused(adapter.gguf(TensorType.F32), message);
  }

  @Test
  void numbersMustBeFinite() throws IOException {
    float[] down = new float[4 * WIDTH];
    down[7] = Float.POSITIVE_INFINITY;
    GgufWriter writer = new RandomAdapter("llama", 8, SEED).gguf(TensorType.F32);
    writer.tensor("blk.0.attn_q.weight.lora_a", List.of((long) WIDTH, 4L), down);
    writer.tensor("blk.0.attn_q.weight.lora_b", List.of(4L, (long) WIDTH), new float[4 * WIDTH]);
    refused(writer, "lora_a holds Infinity");
  }

  @Test
  void ranksOfOneMayBeWrittenAsVectors() throws IOException {
    GgufWriter writer = new RandomAdapter("llama", 8, SEED).gguf(TensorType.F32);
    writer.tensor("blk.0.attn_q.weight.lora_a", List.of((long) WIDTH), new float[WIDTH]);
    writer.tensor("blk.0.attn_q.weight.lora_b", List.of(1L, (long) WIDTH), new float[WIDTH]);
    Path path = folder.resolve("vector.gguf");
    writer.write(path);
    load(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"peft_type\":\"LORA\" | \"peft_type\":\"IA3\" | peft_type is \"IA3\"",
        "\"bias\":\"none\" | \"bias\":\"all\" | bias is \"all\"",
        "\"bias\" | \"use_dora\":true,\"bias\" | use_dora is true",
        "\"bias\" | \"modules_to_save\":[\"lm_head\"],\"bias\" | modules_to_save is [lm_head]",
        "\"bias\" | \"layer_replication\":[[0,1]],\"bias\" | layer_replication",
        "\"bias\" | \"init_lora_weights\":\"pissa_niter_4\",\"bias\" | changes the model itself",
        "\"lora_alpha\":8.0 | \"lora_alpha\":0 | lora_alpha is 0",
        "\"lora_alpha\":8.0 | \"lora_alpha\":\"x\" | lora_alpha is \"x\"",
        "\"r\":4 | \"r\":5 | 'r is 5 for model.layers.0'",
        "{\"model | {\"(a+)+\":4,\"model | regular expression",
        "{\"peft | {{\"peft | is damaged"
      })
  void whatAConfigMustSay(String from, String to, String message) throws IOException {
    Path peft = writePeft();
    Path config = peft.resolve("adapter_config.json");
    String text = Files.readString(config);
    if (from.startsWith("\"r\"")) {
      text = text.replaceAll("\"rank_pattern\":\\{[^}]*}", "\"rank_pattern\":{}");
    }
    assertThat(text).contains(from);
    Files.writeString(config, text.replaceFirst(java.util.regex.Pattern.quote(from), to));
    assertThatThrownBy(() -> load(peft))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("peft/adapter_config.json: ")
        .hasMessageContaining(message.replace("'", ""));
  }

  @Test
  void whatIsNoneOfThePartsOfALowRankAdapterIsRefusedByName() throws IOException {
    refusedModule("model.embed_tokens", "only layers' matrices");
    refusedModule("lm_head", "only layers' matrices");
    refusedModule("model.layers.0.mlp.experts.1.up_proj", "adapters of experts");
    refusedModule("model.layers.0.self_attn.rotary", "is not supported");
  }

  private void refusedModule(String module, String message) {
    Path peft =
        new RandomAdapter("llama", 8, SEED)
            .add(QUERY, WIDTH, WIDTH, 4)
            .writePeft(
                folder.resolve("peft"),
                TensorType.F32,
                Map.of(QUERY, module),
                RandomAdapter.RowOrder.SAME);
    assertThatThrownBy(() -> load(peft))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("peft: adds to " + module)
        .hasMessageContaining(message);
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    assertThatThrownBy(() -> load(folder.resolve("nothing")))
        .isInstanceOf(NoSuchFileException.class);
    Path peft = writePeft();
    load(peft.resolve("adapter_config.json"));
    Files.delete(peft.resolve("adapter_model.safetensors"));
    assertThatThrownBy(() -> load(peft)).hasMessageContaining("no file adapter_model.safetensors");
    assertThatThrownBy(() -> load(Files.writeString(folder.resolve("a.safetensors"), "")))
        .hasMessageContaining("give the folder");
  }

  @Test
  void damagedFilesAreRefusedOrRead() throws IOException {
    Path gguf = adapter().writeGguf(folder.resolve("fuzz.gguf"), TensorType.F16);
    Path peft = writePeft();
    Random random = new Random(SEED);
    for (Path file :
        List.of(
            gguf, peft.resolve("adapter_config.json"), peft.resolve("adapter_model.safetensors"))) {
      byte[] intact = Files.readAllBytes(file);
      // Most damage where it matters: in what comes before the numbers.
      int head = Math.min(intact.length, 700);
      for (int i = 0; i < 1000; i++) {
        byte[] damaged =
            Arrays.copyOf(
                intact, random.nextInt(5) == 0 ? random.nextInt(intact.length) : intact.length);
        for (int n = 0; n < 1 + random.nextInt(3) && damaged.length > 0; n++) {
          int bound = random.nextInt(4) == 0 ? damaged.length : Math.min(head, damaged.length);
          damaged[random.nextInt(bound)] = (byte) random.nextInt(256);
        }
        Files.write(file, damaged);
        try {
          load(file);
        } catch (ModelFormatException e) {
          assertThat(e.getMessage()).as("seed %d", SEED).matches("(?s)(fuzz.gguf|peft|adapter_).*");
        }
      }
      Files.write(file, intact);
    }
  }

  private Path writePeft() {
    return adapter()
        .writePeft(folder.resolve("peft"), TensorType.F32, MODULES, RandomAdapter.RowOrder.SAME);
  }

  private void refused(GgufWriter writer, String... messages) throws IOException {
    Path path = folder.resolve("bad.gguf");
    writer.write(path);
    assertThatThrownBy(() -> load(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("bad.gguf: ")
        .hasMessageContainingAll(messages);
  }

  private void load(Path path) throws IOException {
    try (AdapterFile file = AdapterFile.open(path);
        Adapter adapter = decoder.load(file)) {
      new Sequence(decoder, 0, adapter).append(1, 2, 3);
    }
  }
}
