package io.yuntai.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.checkpoint.TensorNames.Place;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TensorNamesTest {
  @Test
  void modulesHaveTheirPlaces() {
    assertThat(TensorNames.of("llama").find("model.layers.12.self_attn.q_proj"))
        .contains(new Place("blk.12.attn_q", Place.ALL));
    assertThat(TensorNames.of("llama").find("model.layers.1.block_sparse_moe.experts.7.w2"))
        .contains(new Place("blk.1.ffn_down_exps", 7));
    assertThat(TensorNames.of("llama").find("lm_head")).contains(new Place("output", Place.ALL));
    assertThat(TensorNames.of("llama").find("model.layers.x.mlp.up_proj")).isEmpty();
    assertThat(TensorNames.of("llama").find("model.layers.99999999999.mlp.up_proj")).isEmpty();
  }

  @Test
  void oneNameMayMeanAnotherThingElsewhere() {
    String norm = "model.layers.0.post_attention_layernorm";
    assertThat(TensorNames.of("qwen2").find(norm)).contains(new Place("blk.0.ffn_norm", Place.ALL));
    assertThat(TensorNames.of("gemma3").find(norm))
        .contains(new Place("blk.0.post_attention_norm", Place.ALL));
    assertThat(TensorNames.of("phi3").find("model.layers.0.mlp.gate_up_proj"))
        .contains(new Place("blk.0.ffn_up", Place.ALL));
    assertThat(TensorNames.of("llama").find("model.layers.0.mlp.gate_up_proj")).isEmpty();
  }

  @Test
  void neighboursOfAHeadWereHalfAHeadApart() {
    assertThat(LongStream.range(0, 16).map(row -> RotaryRows.published(row, 8)))
        .containsExactly(0L, 4L, 1L, 5L, 2L, 6L, 3L, 7L, 8L, 12L, 9L, 13L, 10L, 14L, 11L, 15L);
  }
}
