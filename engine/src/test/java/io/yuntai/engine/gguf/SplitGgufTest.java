package io.yuntai.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in several files. */
class SplitGgufTest {
  @TempDir Path folder;

  @BeforeEach
  void writeParts() throws IOException {
    part(0, 3, "a");
    part(1, 3, "b", "c");
    part(2, 3, "d");
  }

  @Test
  void theFirstStandsForAll() throws IOException {
    try (GgufFile file = GgufFile.open(path(0, 3))) {
      assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("a", "b", "c", "d");
      assertThat(file.metadata().string("general.name")).isEqualTo("part 0");
      assertThat(GgufInspection.values(file.tensor("c"), 0, 2)).containsExactly('c', 0.5f);
    }
    assertThat(GgufParts.of(path(0, 3))).hasSize(3).startsWith(path(0, 3));
    assertThat(GgufParts.of(folder.resolve("whole.gguf"))).hasSize(1);
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    Files.delete(path(1, 3));
    assertRefused(0, "is part 1 of 3, but part 2 is missing: put m-00002-of-00003.gguf beside it");
  }

  @Test
  void anotherPartNamesTheFirst() {
    assertRefused(1, "is part 2 of 3; open the first, m-00001-of-00003.gguf");
  }

  @Test
  void aPartOfAnotherModelIsRefused() throws IOException {
    Files.move(path(1, 3), folder.resolve("kept"));
    Files.copy(path(2, 3), path(1, 3));
    assertRefused(
        0, "m-00002-of-00003.gguf: should be part 2 of 3 but says that it is part 3 of 3");
  }

  @Test
  void aTensorInTwoPartsIsRefused() throws IOException {
    part(2, 3, "a");
    assertRefused(0, "m-00003-of-00003.gguf: has tensor 'a', which an earlier part has too");
  }

  @Test
  void missingTensorsAreCounted() throws IOException {
    part(1, 3, "b");
    assertRefused(0, "should have 4 tensors but have 3");
  }

  private void assertRefused(int opened, String complaint) {
    assertThatThrownBy(() -> GgufFile.open(path(opened, 3)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("m-0000")
        .hasMessageContaining(complaint);
  }

  private Path path(int index, int count) {
    return folder.resolve("m-%05d-of-%05d.gguf".formatted(index + 1, count));
  }

  private void part(int index, int count, String... tensors) throws IOException {
    GgufWriter writer = new GgufWriter();
    writer.put("general.name", MetadataValue.text("part " + index));
    writer.put("split.no", MetadataValue.uint32(index));
    writer.put("split.count", MetadataValue.uint32(count));
    writer.put("split.tensors.count", MetadataValue.uint32(4));
    for (String name : tensors) {
      writer.tensor(name, List.of(2L), new float[] {name.charAt(0), 0.5f});
    }
    writer.write(path(index, count));
  }
}
