package io.yuntai.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KernelsUnderTest;
import io.yuntai.engine.kernel.ScalarKernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Results are those of BERT written plainly in double, and the same bits with any kernels, threads
 * and company. Runs once per vector width.
 */
class BertEncoderTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  private static final int BATCH = 128;

  @TempDir Path folder;
  private final Random random = new Random(SEED);

  @Test
  void vectorsAreThoseOfThePlainModel() throws IOException {
    TinyBert model = new TinyBert(SEED);
    PlainBert plain = new PlainBert(model);
    List<EncoderInput> inputs = inputs(1, 2, 17, 33, 70);
    for (Kernels kernels : kernels()) {
      try (BertEncoder encoder = open(model, kernels, 2)) {
        float[][] results = encode(encoder, inputs);
        for (int i = 0; i < results.length; i++) {
          assertClose(results[i], plain.mean(inputs.get(i)), kernels.name());
        }
      }
    }
  }

  @Test
  void aSequencesResultDoesNotDependOnItsCompany() throws IOException {
    TinyBert model = new TinyBert(SEED);
    quantize(model);
    List<EncoderInput> inputs = inputs(1, 5, 33, 40, 34, 3, 7);
    List<float[]> alone = new ArrayList<>();
    try (BertEncoder encoder = open(model, new ScalarKernels(), 1)) {
      for (EncoderInput input : inputs) {
        alone.add(encode(encoder, List.of(input))[0]);
      }
    }
    for (Kernels kernels : kernels()) {
      for (int threads : new int[] {1, 3}) {
        try (BertEncoder encoder = open(model, kernels, threads)) {
          assertSame(encode(encoder, inputs.subList(0, 5)), alone.subList(0, 5), kernels);
          assertSame(encode(encoder, inputs.subList(3, 7)), alone.subList(3, 7), kernels);
        }
      }
    }
  }

  @Test
  void poolsAsTheFileSays() throws IOException {
    EncoderInput input = inputs(9).getFirst();
    TinyBert model = new TinyBert(SEED);
    double[][] rows = new PlainBert(model).rows(input);

    model.metadata.put("bert.pooling_type", MetadataValue.uint32(2));
    assertClose(only(model, input), PlainBert.unit(rows[0]), "first");
    model.metadata.put("bert.pooling_type", MetadataValue.uint32(3));
    assertClose(only(model, input), PlainBert.unit(rows[8]), "last");
    model.metadata.put("yuntai.embedding.normalize", MetadataValue.flag(false));
    assertClose(only(model, input), rows[8], "not normalised");
  }

  @Test
  void scoresPairsByTheirSegments() throws IOException {
    TinyBert model = new TinyBert(SEED).ranking();
    PlainBert plain = new PlainBert(model);
    int[] tokens = tokens(30);
    List<EncoderInput> pairs =
        List.of(
            new EncoderInput(tokens, 10), new EncoderInput(tokens, 20), EncoderInput.of(tokens));
    try (BertEncoder encoder = open(model, kernels().getFirst(), 2)) {
      assertThat(encoder.output()).isEqualTo(new EncoderOutput.Score());
      float[][] scores = encode(encoder, pairs);
      for (int i = 0; i < scores.length; i++) {
        assertThat((double) scores[i][0]).isCloseTo(plain.score(pairs.get(i)), within(1e-4));
      }
      assertThat(scores[0]).isNotEqualTo(scores[1]);
    }
  }

  @Test
  void tellsWhatItGives() throws IOException {
    TinyBert model = new TinyBert(SEED);
    model.metadata.put("yuntai.embedding.min_dimensions", MetadataValue.uint32(8));
    try (BertEncoder encoder = open(model, new ScalarKernels(), 1)) {
      assertThat(encoder.output()).isEqualTo(new EncoderOutput.Vector(TinyBert.WIDTH, 8, true));
      assertThat(encoder.contextTokens()).isEqualTo(TinyBert.CONTEXT);
    }
  }

  @Test
  void refusesWhatItDoesNotDoByName() {
    refused("bert.pooling_type", MetadataValue.uint32(0), "bert.pooling_type is 0");
    refused("bert.attention.causal", MetadataValue.flag(true), "bert.attention.causal");
    refused("bert.attention.head_count", MetadataValue.uint32(5), "multiple of the heads");
    refused("bert.block_count", MetadataValue.uint32(3), "blk.2.attn_q.weight");
    refused("bert.feed_forward_length", MetadataValue.uint32(97), "blk.0.ffn_up.weight");
    refused("yuntai.embedding.min_dimensions", MetadataValue.uint32(65), "min_dimensions");
  }

  @Test
  void refusesSequencesThatDoNotFit() throws IOException {
    try (BertEncoder encoder = open(new TinyBert(SEED), new ScalarKernels(), 1)) {
      float[][] row = new float[1][TinyBert.WIDTH];
      assertThatThrownBy(() -> encoder.encode(inputs(81), row)).hasMessageContaining("81 tokens");
      assertThatThrownBy(() -> encoder.encode(List.of(EncoderInput.of(new int[] {50})), row))
          .hasMessageContaining("token 50");
    }
  }

  private void refused(String key, MetadataValue value, String why) {
    TinyBert model = new TinyBert(SEED);
    model.metadata.put(key, value);
    assertThatThrownBy(() -> open(model, new ScalarKernels(), 1).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(why);
  }

  private static void quantize(TinyBert model) {
    TensorType[] types = {TensorType.Q8_0, TensorType.Q4_0, TensorType.F16, TensorType.Q5_1};
    int next = 0;
    for (String name : model.shapes.keySet()) {
      if (name.startsWith("blk.") && model.shape(name).size() == 2) {
        model.quantized.put(name, types[next++ % types.length]);
      }
    }
  }

  private static List<Kernels> kernels() {
    return KernelsUnderTest.list();
  }

  private BertEncoder open(TinyBert model, Kernels kernels, int threads) throws IOException {
    GgufFile file = GgufFile.open(model.write(folder.resolve("bert.gguf")));
    WorkerTeam team = new WorkerTeam(threads);
    try {
      return new BertEncoder(file, kernels, team, 1000, BATCH, PackedCache.NONE);
    } catch (RuntimeException e) {
      team.close();
      file.close();
      throw e;
    }
  }

  private float[] only(TinyBert model, EncoderInput input) throws IOException {
    try (BertEncoder encoder = open(model, kernels().getFirst(), 1)) {
      return encode(encoder, List.of(input))[0];
    }
  }

  private static float[][] encode(BertEncoder encoder, List<EncoderInput> inputs) {
    float[][] results = new float[inputs.size()][encoder.output().width()];
    encoder.encode(inputs, results);
    return results;
  }

  private List<EncoderInput> inputs(int... lengths) {
    List<EncoderInput> inputs = new ArrayList<>();
    for (int length : lengths) {
      inputs.add(EncoderInput.of(tokens(length)));
    }
    return inputs;
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, TinyBert.VOCABULARY).toArray();
  }

  private static void assertSame(float[][] got, List<float[]> expected, Kernels kernels) {
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i])
          .as("%s, sequence %d, seed %d", kernels.name(), i, SEED)
          .containsExactly(expected.get(i));
    }
  }

  private static void assertClose(float[] got, double[] expected, String what) {
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i])
          .as("%s, element %d, seed %d", what, i, SEED)
          .isCloseTo(expected[i], within(2e-5));
    }
  }
}
