package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.NotEnoughMemoryException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes that a file claims are checked before anything is made of them. */
class DamagedShapesTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);

  /** Metadata and tensor list of the tiny models lie within these bytes. */
  private static final int HEADER = 3500;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2moe", "qwen3moe", "deepseek-v3"})
  void randomDamageIsRefusedOrHarmless(String name) throws IOException {
    byte[] good = Files.readAllBytes(model(name));
    Random random = new Random(SEED);
    Path file = folder.resolve("bad.gguf");
    for (int round = 0; round < 150; round++) {
      byte[] bad = good.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        bad[random.nextInt(HEADER)] = (byte) random.nextInt(256);
      }
      Files.write(file, bad);
      try (Decoder decoder = Agreement.open(file)) {
        new Sequence(decoder, 0).append(1, 2);
      } catch (ModelFormatException | NotEnoughMemoryException e) {
        assertThat(e.getMessage()).as("round %d, seed %d", round, SEED).isNotBlank();
      }
    }
  }

  @Test
  void whatIsNotFollowedIsNamed() {
    RandomModel model =
        new RandomModel("gemma3", SEED)
            .put("block_count", 1)
            .put("context_length", 64)
            .put("embedding_length", 32)
            .put("feed_forward_length", 32)
            .put("attention.head_count", 2)
            .put("attention.layer_norm_rms_epsilon", 1e-6f)
            .put("final_logit_softcapping", 30f)
            .matrix("token_embd.weight", 32, 10);
    assertRefused(model, "gemma3.final_logit_softcapping is 30.0, which is not supported");
  }

  @Test
  void anUnknownGateIsNamed() {
    assertRefused(
        experts().put("expert_gating_func", 3),
        "deepseek2.expert_gating_func is 3, which is not supported");
  }

  @Test
  void groupsThatDoNotFitAreNamed() {
    assertRefused(
        experts().put("expert_group_count", 3),
        "deepseek2.expert_count is no multiple of deepseek2.expert_group_count");
    assertRefused(
        experts().put("expert_group_count", 4).put("expert_group_used_count", 1),
        "deepseek2.expert_used_count is 4, but 1 groups have 2 experts");
  }

  private static RandomModel experts() {
    return new RandomModel("deepseek2", SEED)
        .put("block_count", 2)
        .put("embedding_length", 32)
        .put("attention.head_count", 2)
        .put("attention.kv_lora_rank", 32)
        .put("attention.key_length_mla", 24)
        .put("attention.value_length_mla", 16)
        .put("rope.dimension_count", 8)
        .put("feed_forward_length", 32)
        .put("expert_feed_forward_length", 32)
        .put("expert_count", 8)
        .put("expert_used_count", 4)
        .matrix("token_embd.weight", 32, 10);
  }

  private void assertRefused(RandomModel model, String complaint) {
    Path file = model.write(folder.resolve("odd.gguf"));
    assertThatThrownBy(() -> Agreement.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("odd.gguf: " + complaint);
  }

  private static Path model(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  DamagedShapesTest.class.getResource("/io/yuntai/engine/models/" + name + ".gguf"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
