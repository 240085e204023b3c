package io.yuntai.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.json.JsonReader;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RopeSettingsTest {
  private static final String LLAMA_31 =
      "{\"rope_theta\":500000,\"max_position_embeddings\":131072,\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4,\"original_max_position_embeddings\":8192}}";

  @Test
  void llama31DividesLowFrequencies() {
    Description description = describe(LLAMA_31, 16);
    float[] divisors = new float[8];
    description.tensors().getFirst().rows().read(0, 1, divisors);

    assertThat(description.tensors().getFirst().name()).isEqualTo("rope_freqs.weight");
    // By the published formula, in Python's double precision.
    assertThat(divisors)
        .containsExactly(new float[] {1, 1, 1, 1, 2.69453f, 8, 8, 8}, Offset.offset(1e-5f));
  }

  @Test
  void newerCheckpointsHaveAllInOneObject() {
    Metadata metadata =
        new Metadata(
            "test",
            describe(
                    "{\"max_position_embeddings\":4096,\"rope_parameters\":{\"rope_theta\":1000000.0,\"rope_type\":\"yarn\",\"factor\":4.0,\"original_max_position_embeddings\":1024}}",
                    16)
                .metadata());

    assertThat(metadata.floatValue("llama.rope.freq_base")).isEqualTo(1e6f);
    assertThat(metadata.string("llama.rope.scaling.type")).isEqualTo("yarn");
    assertThat(metadata.floatValue("llama.rope.scaling.factor")).isEqualTo(4f);
    assertThat(metadata.intValue("llama.rope.scaling.original_context_length")).isEqualTo(1024);
  }

  @Test
  void unknownScalingIsRefusedByName() {
    assertThatThrownBy(
            () -> describe("{\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2.0}}", 16))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("dynamic");
    assertThatThrownBy(() -> describe(LLAMA_31.replace("\"factor\":8", "\"factor\":-8"), 16))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("factor is -8");
  }

  private static Description describe(String json, int rotated) {
    Description description = new Description("llama");
    RopeSettings.of(new Fields("config.json", JsonReader.parseObject(json)), description)
        .describe(rotated);
    return description;
  }
}
