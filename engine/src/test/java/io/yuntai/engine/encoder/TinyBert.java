package io.yuntai.engine.encoder;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.RandomTensors;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * A BERT of a few kilobytes with random weights, to be bent by tests: change entries, then write.
 */
final class TinyBert {
  static final int WIDTH = 64;
  static final int HEADS = 4;
  static final int INNER = 96;
  static final int LAYERS = 2;
  static final int CONTEXT = 80;
  static final int VOCABULARY = 50;

  final Map<String, MetadataValue> metadata = new LinkedHashMap<>();

  /** F32 values; the first dimension varies fastest. */
  final Map<String, float[]> values = new LinkedHashMap<>();

  final Map<String, List<Long>> shapes = new LinkedHashMap<>();

  /** Matrices with random blocks of these types. */
  final Map<String, TensorType> quantized = new LinkedHashMap<>();

  private final Random random;

  TinyBert(long seed) {
    random = new Random(seed);
    metadata.put("general.architecture", MetadataValue.text("bert"));
    metadata.put("bert.block_count", MetadataValue.uint32(LAYERS));
    metadata.put("bert.context_length", MetadataValue.uint32(CONTEXT));
    metadata.put("bert.embedding_length", MetadataValue.uint32(WIDTH));
    metadata.put("bert.feed_forward_length", MetadataValue.uint32(INNER));
    metadata.put("bert.attention.head_count", MetadataValue.uint32(HEADS));
    metadata.put("bert.attention.layer_norm_epsilon", MetadataValue.float32(1e-12f));
    metadata.put("bert.attention.causal", MetadataValue.flag(false));
    metadata.put("bert.pooling_type", MetadataValue.uint32(1));
    tensor("token_embd.weight", 1, WIDTH, VOCABULARY);
    tensor("position_embd.weight", 1, WIDTH, CONTEXT);
    tensor("token_types.weight", 1, WIDTH, 2);
    norm("token_embd_norm");
    for (int i = 0; i < LAYERS; i++) {
      String layer = "blk." + i + ".";
      linear(layer + "attn_q", WIDTH, WIDTH);
      linear(layer + "attn_k", WIDTH, WIDTH);
      linear(layer + "attn_v", WIDTH, WIDTH);
      linear(layer + "attn_output", WIDTH, WIDTH);
      norm(layer + "attn_output_norm");
      linear(layer + "ffn_up", WIDTH, INNER);
      linear(layer + "ffn_down", INNER, WIDTH);
      norm(layer + "layer_output_norm");
    }
  }

  /** Adds what scores pairs. */
  TinyBert ranking() {
    metadata.put("bert.pooling_type", MetadataValue.uint32(4));
    linear("cls", WIDTH, WIDTH);
    linear("cls.output", WIDTH, 1);
    return this;
  }

  private void linear(String name, int columns, int rows) {
    tensor(name + ".weight", 1.5 / Math.sqrt(columns), columns, rows);
    tensor(name + ".bias", 0.1, rows);
  }

  private void norm(String name) {
    tensor(name + ".weight", 1, WIDTH);
    tensor(name + ".bias", 0.1, WIDTH);
  }

  private void tensor(String name, double size, long... shape) {
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (random.nextGaussian() * size);
    }
    values.put(name, numbers);
    shapes.put(name, java.util.Arrays.stream(shape).boxed().toList());
  }

  /** A tensor's values. */
  float[] numbers(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** A tensor's shape. */
  List<Long> shape(String name) {
    return Objects.requireNonNull(shapes.get(name), name);
  }

  Path write(Path file) throws IOException {
    GgufWriter writer = new GgufWriter();
    metadata.forEach(writer::put);
    values.forEach((name, numbers) -> {
      TensorType type = quantized.get(name);
      if (type == null) {
        writer.tensor(name, shape(name), numbers);
      } else {
        List<Long> shape = shape(name);
        TensorInfo tensor =
            RandomTensors.matrix(
                type,
                (int) (long) shape.get(1),
                (int) (long) shape.get(0),
                new Random(name.hashCode()));
        writer.tensor(name, type, shape, tensor.data());
      }
    });
    writer.write(file);
    return file;
  }
}
