package io.yuntai.console.chat;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Writes a model of one layer with random weights, which babbles in letters and never ends. */
final class BabblingModel {
  private static final int WIDTH = 32;
  private static final int INNER = 48;
  private static final int BYTES = 256;
  private static final int TOKENS = BYTES + 2;
  private static final String TEMPLATE =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}<|end|>{% endfor %}"
          + "{% if add_generation_prompt %}assistant: {% endif %}";

  private final SplittableRandom random = new SplittableRandom(1);
  private final GgufWriter writer = new GgufWriter();

  private BabblingModel() {}

  static void write(Path file) throws IOException {
    BabblingModel model = new BabblingModel();
    model.metadata();
    model.weights();
    model.writer.write(file);
  }

  private void metadata() {
    writer.put("general.architecture", MetadataValue.text("llama"));
    writer.put("llama.context_length", MetadataValue.uint32(2048));
    writer.put("llama.embedding_length", MetadataValue.uint32(WIDTH));
    writer.put("llama.block_count", MetadataValue.uint32(1));
    writer.put("llama.feed_forward_length", MetadataValue.uint32(INNER));
    writer.put("llama.attention.head_count", MetadataValue.uint32(2));
    writer.put("llama.attention.head_count_kv", MetadataValue.uint32(1));
    writer.put("llama.attention.layer_norm_rms_epsilon", MetadataValue.float32(1e-5f));
    List<String> tokens = new ArrayList<>();
    int hidden = 0;
    for (int b = 0; b < BYTES; b++) {
      // As GPT-2's vocabulary spells bytes: those that can't be seen from U+0100 on.
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      tokens.add(Character.toString(visible ? b : BYTES + hidden));
      hidden += visible ? 0 : 1;
    }
    tokens.add("<|begin|>");
    tokens.add("<|end|>");
    int[] types = new int[TOKENS];
    Arrays.fill(types, 0, BYTES, 1);
    Arrays.fill(types, BYTES, TOKENS, 3);
    writer.put("tokenizer.ggml.model", MetadataValue.text("gpt2"));
    writer.put("tokenizer.ggml.pre", MetadataValue.text("gpt-2"));
    writer.put("tokenizer.ggml.tokens", MetadataValue.strings(tokens));
    writer.put("tokenizer.ggml.token_type", MetadataValue.ints(types));
    writer.put("tokenizer.ggml.merges", MetadataValue.strings(List.of()));
    writer.put("tokenizer.ggml.bos_token_id", MetadataValue.uint32(BYTES));
    writer.put("tokenizer.ggml.eos_token_id", MetadataValue.uint32(BYTES + 1L));
    writer.put("tokenizer.chat_template", MetadataValue.text(TEMPLATE));
  }

  private void weights() {
    matrix("token_embd.weight", WIDTH, TOKENS);
    ones("output_norm.weight");
    ones("blk.0.attn_norm.weight");
    matrix("blk.0.attn_q.weight", WIDTH, WIDTH);
    matrix("blk.0.attn_k.weight", WIDTH, WIDTH / 2);
    matrix("blk.0.attn_v.weight", WIDTH, WIDTH / 2);
    matrix("blk.0.attn_output.weight", WIDTH, WIDTH);
    ones("blk.0.ffn_norm.weight");
    matrix("blk.0.ffn_gate.weight", WIDTH, INNER);
    matrix("blk.0.ffn_up.weight", WIDTH, INNER);
    matrix("blk.0.ffn_down.weight", INNER, WIDTH);
    // Only letters have logits above zero.
    float[] letters = new float[WIDTH * TOKENS];
    for (int i = 'a' * WIDTH; i < ('z' + 1) * WIDTH; i++) {
      letters[i] = (float) random.nextGaussian();
    }
    writer.tensor("output.weight", List.of((long) WIDTH, (long) TOKENS), letters);
  }

  private void ones(String name) {
    float[] values = new float[WIDTH];
    Arrays.fill(values, 1);
    writer.tensor(name, List.of((long) WIDTH), values);
  }

  private void matrix(String name, int columns, int rows) {
    float[] values = new float[columns * rows];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    writer.tensor(name, List.of((long) columns, (long) rows), values);
  }
}
