package io.yuntai.engine;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A well-formed llama file of a few kilobytes, to be bent by tests: change entries, then write. */
public final class TinyModelFile {
  public static final int WIDTH = 32;
  public static final int VOCABULARY = 40;

  public final Map<String, MetadataValue> metadata = new LinkedHashMap<>();
  public final Map<String, long[]> tensors = new LinkedHashMap<>();

  public TinyModelFile() {
    metadata.put("general.architecture", MetadataValue.text("llama"));
    metadata.put("llama.block_count", MetadataValue.uint32(1));
    metadata.put("llama.context_length", MetadataValue.uint32(64));
    metadata.put("llama.embedding_length", MetadataValue.uint32(WIDTH));
    metadata.put("llama.feed_forward_length", MetadataValue.uint32(48));
    metadata.put("llama.attention.head_count", MetadataValue.uint32(2));
    metadata.put("llama.attention.head_count_kv", MetadataValue.uint32(1));
    metadata.put("llama.attention.layer_norm_rms_epsilon", MetadataValue.float32(1e-5f));
    tensors.put("token_embd.weight", new long[] {WIDTH, VOCABULARY});
    tensors.put("output_norm.weight", new long[] {WIDTH});
    tensors.put("blk.0.attn_norm.weight", new long[] {WIDTH});
    tensors.put("blk.0.attn_q.weight", new long[] {WIDTH, WIDTH});
    tensors.put("blk.0.attn_k.weight", new long[] {WIDTH, 16});
    tensors.put("blk.0.attn_v.weight", new long[] {WIDTH, 16});
    tensors.put("blk.0.attn_output.weight", new long[] {WIDTH, WIDTH});
    tensors.put("blk.0.ffn_norm.weight", new long[] {WIDTH});
    tensors.put("blk.0.ffn_gate.weight", new long[] {WIDTH, 48});
    tensors.put("blk.0.ffn_up.weight", new long[] {WIDTH, 48});
    tensors.put("blk.0.ffn_down.weight", new long[] {48, WIDTH});
  }

  public Path write(Path file) throws IOException {
    GgufWriter writer = new GgufWriter();
    metadata.forEach(writer::put);
    Random random = new Random(1);
    tensors.forEach((name, shape) -> {
      long elements = 1;
      for (long dimension : shape) {
        elements *= dimension;
      }
      float[] values = new float[(int) elements];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      List<Long> dimensions = java.util.Arrays.stream(shape).boxed().toList();
      writer.tensor(name, dimensions, values);
    });
    writer.write(file);
    return file;
  }
}
