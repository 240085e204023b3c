package io.yuntai.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.quant.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorPlanTest {
  @Test
  void sensitiveTensorsGetMoreBits() {
    TensorPlan plan = new TensorPlan(Recipe.Q4_K_M, 16, 0, false);

    assertThat(type(plan, "blk.0.attn_v.weight", 512, 512)).isEqualTo(TensorType.Q6_K);
    assertThat(type(plan, "blk.2.ffn_down.weight", 512, 512)).isEqualTo(TensorType.Q4_K);
    assertThat(type(plan, "blk.4.ffn_down.weight", 512, 512)).isEqualTo(TensorType.Q6_K);
    assertThat(type(plan, "blk.15.ffn_down.weight", 512, 512)).isEqualTo(TensorType.Q6_K);
    assertThat(type(plan, "blk.0.attn_q.weight", 512, 512)).isEqualTo(TensorType.Q4_K);
    assertThat(type(plan, "blk.0.attn_qkv.weight", 512, 512)).isEqualTo(TensorType.Q5_K);
    assertThat(type(plan, "output.weight", 512, 512)).isEqualTo(TensorType.Q6_K);
    assertThat(type(plan, "token_embd.weight", 512, 512)).isEqualTo(TensorType.Q4_K);
  }

  @Test
  void embeddingsThatAreTheOutputTooCountAsIt() {
    assertThat(type(new TensorPlan(Recipe.Q4_0, 16, 0, true), "token_embd.weight", 512, 512))
        .isEqualTo(TensorType.Q6_K);
    assertThat(type(new TensorPlan(Recipe.Q8_0, 16, 0, true), "token_embd.weight", 512, 512))
        .isEqualTo(TensorType.Q8_0);
  }

  @Test
  void shortRowsGetSmallerBlocks() {
    TensorPlan plan = new TensorPlan(Recipe.Q4_K_M, 16, 0, false);

    assertThat(type(plan, "blk.0.attn_q.weight", 96, 512)).isEqualTo(TensorType.Q5_0);
    assertThat(type(plan, "blk.0.attn_v.weight", 96, 512)).isEqualTo(TensorType.Q8_0);
    assertThat(type(plan, "blk.0.attn_q.weight", 40, 512)).isEqualTo(TensorType.F16);
    assertThat(type(new TensorPlan(Recipe.Q8_0, 16, 0, false), "blk.0.attn_q.weight", 40, 512))
        .isEqualTo(TensorType.F16);
  }

  @Test
  void vectorsNormsAndRoutersStay() {
    TensorPlan plan = new TensorPlan(Recipe.Q4_K_M, 16, 0, false);

    assertThat(type(plan, "output_norm.weight", 512)).isEqualTo(TensorType.F32);
    assertThat(type(plan, "blk.0.attn_q.bias", 512)).isEqualTo(TensorType.F32);
    assertThat(type(plan, "blk.0.ffn_gate_inp.weight", 512, 64)).isEqualTo(TensorType.F32);
    assertThat(type(new TensorPlan(Recipe.F16, 16, 0, false), "output_norm.weight", 512))
        .isEqualTo(TensorType.F32);
  }

  private static TensorType type(TensorPlan plan, String name, long... shape) {
    List<Long> dimensions = java.util.Arrays.stream(shape).boxed().toList();
    return plan.typeOf(
        new SourceTensor(name, TensorType.F32, dimensions, (first, count, target) -> {}, null));
  }
}
