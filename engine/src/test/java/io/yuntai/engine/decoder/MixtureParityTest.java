package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KernelsUnderTest;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.quant.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mixtures of experts and latent attention with quantised weights: the same bits with any kernels,
 * threads and chunks, and in any company, whichever experts that wants. Runs once per vector width.
 */
class MixtureParityTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  private static final int VOCABULARY = 90;
  private static final int CONTEXT = 64;
  private static final int[] PROMPT = new Random(SEED).ints(40, 0, VOCABULARY).toArray();

  @TempDir Path folder;

  @Test
  void latentAttentionAndExperts() {
    check(deepSeek(folder.resolve("deepseek.gguf")));
  }

  @Test
  void gatedSharedExperts() {
    check(qwen(folder.resolve("qwen.gguf")));
  }

  @Test
  void slidingWindowsAndGelu() {
    check(gemma(folder.resolve("gemma.gguf")));
  }

  private static void check(Path file) {
    float[][] reference;
    try (Decoder decoder = open(file, "scalar", 1)) {
      reference = new Sequence(decoder, 0).append(PROMPT);
    }
    assertThat(reference[3]).doesNotContain(Float.NaN);
    for (Kernels kernels : KernelsUnderTest.list()) {
      for (int threads : new int[] {3}) {
        try (Decoder decoder = open(file, kernels.name(), threads)) {
          for (int chunk : new int[] {PROMPT.length, 1, 7}) {
            assertThat(new Sequence(decoder, 0).appendChunked(PROMPT, chunk))
                .as("%s, %d threads, chunks of %d, seed %d", kernels.name(), threads, chunk, SEED)
                .isDeepEqualTo(reference);
          }
        }
      }
    }
    inCompany(file, reference);
  }

  /** The prompt, a few tokens at a time, with as many tokens of another sequence beside. */
  private static void inCompany(Path file, float[][] alone) {
    Random random = new Random(SEED);
    try (Decoder decoder = open(file, KernelChoice.AUTO, 2)) {
      int blocks = CONTEXT / decoder.blockTokens();
      int[][] tables = {
        IntStream.range(0, blocks).toArray(), IntStream.range(blocks, 2 * blocks).toArray()
      };
      for (int done = 0; done < PROMPT.length; done += 4) {
        int[] tokens = new int[8];
        int[] positions = new int[8];
        int[] sequences = new int[8];
        for (int i = 0; i < 4; i++) {
          tokens[i] = random.nextInt(VOCABULARY);
          tokens[4 + i] = PROMPT[done + i];
          positions[i] = positions[4 + i] = done + i;
          sequences[4 + i] = 1;
        }
        float[][] logits = new float[4][VOCABULARY];
        decoder.forward(
            new Batch(tokens, positions, sequences, tables, new int[] {4, 5, 6, 7}), logits);
        assertThat(logits)
            .as("seed %d", SEED)
            .isDeepEqualTo(Arrays.copyOfRange(alone, done, done + 4));
      }
    }
  }

  private static Decoder open(Path file, String kernel, int threads) {
    LoadOptions options = new LoadOptions(CONTEXT, 2 * CONTEXT, KvCache.Format.F16, threads);
    return LoadedModel.open(file, options.withKernel(kernel)).decoder();
  }

  private static RandomModel common(String name, int width) {
    return new RandomModel(name, SEED)
        .put("context_length", CONTEXT)
        .put("embedding_length", width)
        .put("feed_forward_length", 96)
        .put("attention.layer_norm_rms_epsilon", 1e-6f)
        .matrix(TensorType.Q8_0, "token_embd.weight", width, VOCABULARY)
        .norm("output_norm.weight", width);
  }

  private static Path deepSeek(Path file) {
    RandomModel model =
        common("deepseek2", 64)
            .put("block_count", 2)
            .put("attention.head_count", 5)
            .put("attention.q_lora_rank", 32)
            .put("attention.kv_lora_rank", 64)
            .put("attention.key_length_mla", 48)
            .put("attention.value_length_mla", 32)
            .put("rope.dimension_count", 16)
            .put("leading_dense_block_count", 1)
            .put("expert_count", 9)
            .put("expert_used_count", 4)
            .put("expert_shared_count", 1)
            .put("expert_feed_forward_length", 64)
            .put("expert_gating_func", 2);
    for (int i = 0; i < 2; i++) {
      String b = "blk." + i + ".";
      model.norm(b + "attn_norm.weight", 64).norm(b + "ffn_norm.weight", 64);
      model.matrix(TensorType.Q4_0, b + "attn_q_a.weight", 64, 32);
      model.norm(b + "attn_q_a_norm.weight", 32);
      model.matrix(TensorType.Q5_1, b + "attn_q_b.weight", 32, 5 * 48);
      model.matrix(TensorType.Q8_0, b + "attn_kv_a_mqa.weight", 64, 80);
      model.norm(b + "attn_kv_a_norm.weight", 64);
      model.matrix(TensorType.Q5_0, b + "attn_k_b.weight", 32, 64, 5);
      model.matrix(TensorType.BF16, b + "attn_v_b.weight", 64, 32, 5);
      model.matrix(TensorType.Q4_1, b + "attn_output.weight", 160, 64);
      if (i == 0) {
        model.matrix(TensorType.Q4_0, b + "ffn_gate.weight", 64, 96);
        model.matrix(TensorType.Q4_0, b + "ffn_up.weight", 64, 96);
        model.matrix(TensorType.Q4_0, b + "ffn_down.weight", 96, 64);
      } else {
        model.matrix(b + "ffn_gate_inp.weight", 64, 9).bias(b + "exp_probs_b.bias", 9);
        experts(model, b, 64, 64, 9, TensorType.MXFP4, TensorType.IQ4_NL, TensorType.Q8_0);
        model.matrix(TensorType.Q4_0, b + "ffn_gate_shexp.weight", 64, 64);
        model.matrix(TensorType.Q4_0, b + "ffn_up_shexp.weight", 64, 64);
        model.matrix(TensorType.Q4_0, b + "ffn_down_shexp.weight", 64, 64);
      }
    }
    return model.write(file);
  }

  private static Path qwen(Path file) {
    RandomModel model =
        common("qwen2moe", 256)
            .put("block_count", 1)
            .put("attention.head_count", 4)
            .put("attention.head_count_kv", 2)
            .put("expert_count", 7)
            .put("expert_used_count", 2)
            .put("expert_feed_forward_length", 256)
            .put("expert_shared_feed_forward_length", 64);
    String b = "blk.0.";
    attention(model, b, 256, 4, 2, 64);
    model.bias(b + "attn_q.bias", 256).bias(b + "attn_k.bias", 128).bias(b + "attn_v.bias", 128);
    model.norm(b + "attn_norm.weight", 256).norm(b + "ffn_norm.weight", 256);
    model.matrix(TensorType.F16, b + "ffn_gate_inp.weight", 256, 7);
    experts(model, b, 256, 256, 7, TensorType.Q4_K, TensorType.F16, TensorType.Q6_K);
    model.matrix(TensorType.Q4_K, b + "ffn_gate_shexp.weight", 256, 64);
    model.matrix(TensorType.F32, b + "ffn_up_shexp.weight", 256, 64);
    model.matrix(TensorType.Q5_0, b + "ffn_down_shexp.weight", 64, 256);
    model.bias(b + "ffn_gate_inp_shexp.weight", 256);
    return model.write(file);
  }

  private static Path gemma(Path file) {
    RandomModel model =
        common("gemma3", 64)
            .put("block_count", 6)
            .put("attention.head_count", 4)
            .put("attention.head_count_kv", 1)
            .put("attention.key_length", 32)
            .put("attention.value_length", 32)
            .put("attention.sliding_window", 9);
    for (int i = 0; i < 6; i++) {
      String b = "blk." + i + ".";
      attention(model, b, 64, 4, 1, 32);
      model.norm(b + "attn_norm.weight", 64).norm(b + "ffn_norm.weight", 64);
      model.norm(b + "post_attention_norm.weight", 64).norm(b + "post_ffw_norm.weight", 64);
      model.norm(b + "attn_q_norm.weight", 32).norm(b + "attn_k_norm.weight", 32);
      model.matrix(TensorType.Q4_0, b + "ffn_gate.weight", 64, 96);
      model.matrix(TensorType.Q4_0, b + "ffn_up.weight", 64, 96);
      model.matrix(TensorType.Q4_0, b + "ffn_down.weight", 96, 64);
    }
    return model.write(file);
  }

  private static void attention(
      RandomModel model, String b, int width, int heads, int kvHeads, int length) {
    model.matrix(TensorType.Q4_0, b + "attn_q.weight", width, heads * length);
    model.matrix(TensorType.Q8_0, b + "attn_k.weight", width, kvHeads * length);
    model.matrix(TensorType.Q5_1, b + "attn_v.weight", width, kvHeads * length);
    model.matrix(TensorType.Q4_1, b + "attn_output.weight", heads * length, width);
  }

  private static void experts(
      RandomModel model,
      String b,
      int width,
      int length,
      int count,
      TensorType gate,
      TensorType up,
      TensorType down) {
    model.matrix(gate, b + "ffn_gate_exps.weight", width, length, count);
    model.matrix(up, b + "ffn_up_exps.weight", width, length, count);
    model.matrix(down, b + "ffn_down_exps.weight", length, width, count);
  }
}
