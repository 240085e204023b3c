package io.yuntai.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that another program wrote: the tiny random models in the test resources. */
class ModelFilesTest {
  static Path model(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  ModelFilesTest.class.getResource("/io/yuntai/engine/models/" + name + ".gguf"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"llama, llama", "llama31, llama", "qwen2, qwen2"})
  void areReadWhole(String name, String architecture) throws IOException {
    try (GgufFile file = GgufFile.open(model(name))) {
      Metadata metadata = file.metadata();
      assertThat(file.name()).isEqualTo(name + ".gguf");
      assertThat(metadata.string("general.architecture")).isEqualTo(architecture);
      int width = metadata.intValue(architecture + ".embedding_length");
      assertThat(metadata.floatValue(architecture + ".attention.layer_norm_rms_epsilon"))
          .isBetween(1e-7f, 1e-4f);
      TensorInfo embedding = file.tensor("token_embd.weight");
      assertThat(embedding.columns()).isEqualTo(width);
      for (TensorInfo tensor : file.tensors()) {
        assertThat(tensor.type()).isEqualTo(TensorType.F32);
        float[] row = GgufInspection.values(tensor, 0, (int) tensor.columns());
        for (float value : row) {
          assertThat(value).isFinite();
        }
      }
    }
  }

  @Test
  void llama31CarriesItsFrequencies() throws IOException {
    try (GgufFile file = GgufFile.open(model("llama31"))) {
      assertThat(file.findTensor("rope_freqs.weight")).isPresent();
    }
  }
}
