package io.yuntai.cli.rehearsal;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model of random weights that babbles in lower-case letters and never ends by itself. Its
 * vocabulary is the 256 bytes and three control tokens; its file has 0.2 MB.
 */
public final class TinyModel {
  private static final int WIDTH = 64;
  private static final int INNER = 96;
  private static final int LAYERS = 2;
  private static final int KV_WIDTH = 32;
  private static final int BYTES = 256;

  /** Codes that share a scale. */
  private static final int BLOCK = 32;

  private static final List<String> CONTROL = List.of("<|begin|>", "<|turn|>", "<|end|>");
  private static final int TOKENS = BYTES + CONTROL.size();
  private static final int CONTROL_TYPE = 3;
  private static final String TEMPLATE =
      "{% if tools %}{% for tool in tools %}{{ tool | tojson }}\n{% endfor %}<tool_call>{% endif %}"
          + "{% for m in messages %}<|turn|>{{ m.role }}: {{ m.content }}<|end|>\n{% endfor %}"
          + "{% if add_generation_prompt %}<|turn|>assistant: {% endif %}";

  private final SplittableRandom random = new SplittableRandom(1);
  private final GgufWriter writer = new GgufWriter();

  private TinyModel() {}

  /**
   * Writes the model's file.
   *
   * @param contextTokens what it claims to be made for
   */
  public static void write(Path file, int contextTokens) throws IOException {
    TinyModel model = new TinyModel();
    model.metadata(contextTokens);
    model.tensors();
    model.writer.write(file);
  }

  private void metadata(int contextTokens) {
    writer.put("general.architecture", MetadataValue.text("llama"));
    writer.put("general.name", MetadataValue.text("tiny"));
    writer.put("llama.context_length", MetadataValue.uint32(contextTokens));
    writer.put("llama.embedding_length", MetadataValue.uint32(WIDTH));
    writer.put("llama.block_count", MetadataValue.uint32(LAYERS));
    writer.put("llama.feed_forward_length", MetadataValue.uint32(INNER));
    writer.put("llama.attention.head_count", MetadataValue.uint32(4));
    writer.put("llama.attention.head_count_kv", MetadataValue.uint32(2));
    writer.put("llama.attention.layer_norm_rms_epsilon", MetadataValue.float32(1e-5f));
    List<String> tokens = new ArrayList<>();
    int[] types = new int[TOKENS];
    for (int value = 0; value < BYTES; value++) {
      tokens.add(spelling(value));
      types[value] = 1;
    }
    for (String control : CONTROL) {
      types[tokens.size()] = CONTROL_TYPE;
      tokens.add(control);
    }
    writer.put("tokenizer.ggml.model", MetadataValue.text("gpt2"));
    writer.put("tokenizer.ggml.pre", MetadataValue.text("gpt-2"));
    writer.put("tokenizer.ggml.tokens", MetadataValue.strings(tokens));
    writer.put("tokenizer.ggml.token_type", MetadataValue.ints(types));
    writer.put("tokenizer.ggml.merges", MetadataValue.strings(List.of()));
    writer.put("tokenizer.ggml.bos_token_id", MetadataValue.uint32(BYTES));
    writer.put("tokenizer.ggml.eos_token_id", MetadataValue.uint32(BYTES + 2L));
    writer.put("tokenizer.chat_template", MetadataValue.text(TEMPLATE));
  }

  /**
   * A byte as GPT-2's vocabulary spells it: visible characters as they are, the others from U+0100
   * on.
   */
  private static String spelling(int value) {
    int hidden = 0;
    for (int b = 0; b < BYTES; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      if (b == value) {
        return Character.toString(visible ? b : BYTES + hidden);
      }
      hidden += visible ? 0 : 1;
    }
    throw new IllegalArgumentException("no byte " + value);
  }

  private void tensors() {
    matrix("token_embd.weight", WIDTH, TOKENS);
    ones("output_norm.weight");
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "blk." + layer + ".";
      ones(block + "attn_norm.weight");
      matrix(block + "attn_q.weight", WIDTH, WIDTH);
      matrix(block + "attn_k.weight", WIDTH, KV_WIDTH);
      matrix(block + "attn_v.weight", WIDTH, KV_WIDTH);
      matrix(block + "attn_output.weight", WIDTH, WIDTH);
      ones(block + "ffn_norm.weight");
      matrix(block + "ffn_gate.weight", WIDTH, INNER);
      matrix(block + "ffn_up.weight", WIDTH, INNER);
      matrix(block + "ffn_down.weight", INNER, WIDTH);
    }
    writer.tensor("output.weight", List.of((long) WIDTH, (long) TOKENS), output());
  }

  /** Rows of zeros but for letters, whose logits therefore are the only ones above zero. */
  private float[] output() {
    float[] values = new float[WIDTH * TOKENS];
    for (int token = 'a'; token <= 'z'; token++) {
      for (int i = 0; i < WIDTH; i++) {
        values[token * WIDTH + i] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  private void ones(String name) {
    float[] values = new float[WIDTH];
    java.util.Arrays.fill(values, 1);
    writer.tensor(name, List.of((long) WIDTH), values);
  }

  /** Of 8-bit codes, as models mostly are: a rehearsal is to go the ways that a start goes. */
  private void matrix(String name, int columns, int rows) {
    int blocks = columns * rows / BLOCK;
    byte[] bytes = new byte[blocks * (Short.BYTES + BLOCK)];
    random.nextBytes(bytes);
    short scale =
        Float.floatToFloat16((float) (1 / (74 * Math.sqrt(columns)))); // 74: codes' deviation
    for (int block = 0; block < blocks; block++) {
      int at = block * (Short.BYTES + BLOCK);
      bytes[at] = (byte) scale;
      bytes[at + 1] = (byte) (scale >> 8);
    }
    writer.tensor(
        name, TensorType.Q8_0, List.of((long) columns, (long) rows), MemorySegment.ofArray(bytes));
  }
}
