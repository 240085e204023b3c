package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.adapter.RandomAdapter;
import io.yuntai.engine.adapter.RandomAdapter.Pair;
import io.yuntai.engine.checkpoint.RotaryRows;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An adapter gives the logits of a model into whose weights it was merged in double precision:
 * {@code W + s B A}.
 */
class LoraReferenceTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261124);

  /** Of the range of a row of logits: what F32 loses on the way. */
  private static final double BOUND = 1e-5;

  private static final Pattern MATRIX =
      Pattern.compile(
          "(blk\\.\\d+\\.(?:attn_q|attn_k|attn_v|attn_qkv|attn_output|ffn_gate|ffn_up|ffn_down))\\.weight");
  private static final int[] TOKENS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "qwen3", "gemma3", "qwen3moe", "qwen2moe"})
  void givesTheLogitsOfTheMergedModel(String name) throws IOException {
    Path model = resource(name.equals("gemma3") ? "gemma3-00001-of-00002.gguf" : name + ".gguf");
    compareWithMerged(model);
  }

  @Test
  void fusedMatricesAreAddedToInTheirParts() throws IOException {
    RandomModel model = new RandomModel("phi3", SEED);
    model.put("block_count", 2).put("context_length", 64).put("embedding_length", 48);
    model.put("feed_forward_length", 80).put("attention.head_count", 6);
    model.put("attention.head_count_kv", 2).put("rope.dimension_count", 8);
    model.put("attention.layer_norm_rms_epsilon", 1e-6f);
    model.matrix("token_embd.weight", 48, 70).norm("output_norm.weight", 48);
    for (int i = 0; i < 2; i++) {
      String layer = "blk." + i + ".";
      model.norm(layer + "attn_norm.weight", 48).norm(layer + "ffn_norm.weight", 48);
      model.matrix(layer + "attn_qkv.weight", 48, 80).matrix(layer + "attn_output.weight", 48, 48);
      model.matrix(layer + "ffn_up.weight", 48, 160).matrix(layer + "ffn_down.weight", 80, 48);
    }
    compareWithMerged(model.write(folder.resolve("phi3.gguf")));
  }

  private void compareWithMerged(Path model) throws IOException {
    RandomAdapter adapter = adapterFor(model);
    Path file = adapter.writeGguf(folder.resolve("adapter.gguf"), TensorType.F32);
    float[][] expected;
    try (Decoder decoder = open(merged(model, adapter))) {
      expected = new Sequence(decoder, 0).append(TOKENS);
    }
    try (Decoder decoder = open(model)) {
      float[][] plain = new Sequence(decoder, 0).append(TOKENS);
      float[][] logits = logits(decoder, file);
      for (int row = 0; row < TOKENS.length; row++) {
        assertThat(farthest(logits[row], expected[row]))
            .as("row %d, seed %d", row, SEED)
            .isLessThan(BOUND * range(expected[row]));
        assertThat(farthest(plain[row], expected[row]))
            .as("the adapter changes row %d", row)
            .isGreaterThan(1000 * BOUND * range(expected[row]));
      }
    }
  }

  /** Rows of queries and keys are in another order in llama's files: the same bits all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen3"})
  void checkpointsAndGgufOfOneAdapterGiveTheSameBits(String name) throws IOException {
    Path model = resource(name + ".gguf");
    RandomAdapter adapter = adapterFor(model);
    Map<String, String> modules = new HashMap<>();
    adapter.pairs().keySet().forEach(matrix -> modules.put(matrix, module(matrix)));
    for (TensorType type : new TensorType[] {TensorType.F32, TensorType.F16, TensorType.BF16}) {
      Path gguf = adapter.writeGguf(folder.resolve(type + ".gguf"), type);
      try (Decoder decoder = open(model)) {
        int headLength = headLength(model);
        Path peft =
            adapter.writePeft(
                folder.resolve(type.toString()),
                type,
                modules,
                matrix ->
                    RotaryRows.areReordered(name, matrix)
                        ? row -> (int) RotaryRows.published(row, headLength)
                        : row -> row);
        assertThat(logits(decoder, peft))
            .as("%s, seed %d", type, SEED)
            .isDeepEqualTo(logits(decoder, gguf));
      }
    }
  }

  private static String module(String matrix) {
    String[] parts = matrix.split("\\.", -1);
    String module =
        switch (parts[2]) {
          case "attn_q" -> "self_attn.q_proj";
          case "attn_k" -> "self_attn.k_proj";
          case "attn_v" -> "self_attn.v_proj";
          case "attn_output" -> "self_attn.o_proj";
          case "ffn_gate" -> "mlp.gate_proj";
          case "ffn_up" -> "mlp.up_proj";
          case "ffn_down" -> "mlp.down_proj";
          default -> throw new IllegalArgumentException(matrix);
        };
    return "model.layers." + parts[1] + "." + module;
  }

  private static float[][] logits(Decoder decoder, Path adapter) throws IOException {
    try (AdapterFile file = AdapterFile.open(adapter);
        Adapter loaded = decoder.load(file)) {
      return new Sequence(decoder, 0, loaded).append(TOKENS);
    }
  }

  private static int headLength(Path model) throws IOException {
    try (GgufFile file = GgufFile.open(model)) {
      return Architecture.of(file).configure(file).attention().keyLength();
    }
  }

  /** Adds to every matrix that adapters may add to, with ranks from 1 to 40. */
  private static RandomAdapter adapterFor(Path model) throws IOException {
    Random random = new Random(SEED);
    try (GgufFile file = GgufFile.open(model)) {
      String architecture = file.metadata().string("general.architecture");
      RandomAdapter adapter = new RandomAdapter(architecture, 2, SEED);
      for (TensorInfo tensor : file.tensors()) {
        Matcher matrix = MATRIX.matcher(tensor.name());
        if (matrix.matches()) {
          int rank = 1 + random.nextInt(40);
          adapter.add(matrix.group(1), (int) tensor.columns(), (int) tensor.rows(), rank);
        }
      }
      return adapter;
    }
  }

  private Path merged(Path model, RandomAdapter adapter) throws IOException {
    GgufWriter writer = new GgufWriter();
    Path path = folder.resolve("merged.gguf");
    try (GgufFile file = GgufFile.open(model)) {
      file.metadata().values().entrySet().stream()
          .filter(entry -> !entry.getKey().startsWith("split."))
          .forEach(entry -> writer.put(entry.getKey(), entry.getValue()));
      for (TensorInfo tensor : file.tensors()) {
        float[] values = new float[(int) (tensor.rows() * tensor.columns())];
        Dequantizer.dequantize(tensor.type(), tensor.data(), 0, values.length, values, 0);
        Pair pair = adapter.pairs().get(tensor.name().replace(".weight", ""));
        if (pair != null) {
          merge(values, pair, adapter.scale(pair));
        }
        writer.tensor(tensor.name(), tensor.shape(), values);
      }
      writer.write(path);
    }
    return path;
  }

  private static void merge(float[] weights, Pair pair, double scale) {
    for (int row = 0; row < pair.rows(); row++) {
      for (int column = 0; column < pair.columns(); column++) {
        double sum = 0;
        for (int k = 0; k < pair.rank(); k++) {
          sum +=
              (double) pair.up()[row * pair.rank() + k] * pair.down()[k * pair.columns() + column];
        }
        int at = row * pair.columns() + column;
        weights[at] = (float) (weights[at] + scale * sum);
      }
    }
  }

  private static double farthest(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
  }

  private static double range(float[] values) {
    double min = IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElseThrow();
    double max = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElseThrow();
    return max - min;
  }

  private static Decoder open(Path model) {
    return LoadedModel.open(model, new LoadOptions(0, 0, KvCache.Format.F32, 2)).decoder();
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  LoraReferenceTest.class.getResource("/io/yuntai/engine/models/" + name))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
