package io.yuntai.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the writer wrote, the reader reads. Seeds: {@code -Dyuntai.seed=N} repeats one random file.
 */
class GgufRoundTripTest {
  private static final int RANDOM_FILES = 300;

  @TempDir Path folder;

  @Test
  void everyTypeOfValueAndTensorComesBack() throws IOException {
    comesBack(SampleGguf.full());
  }

  @Test
  void randomFilesComeBack() throws IOException {
    Long only = Long.getLong("yuntai.seed");
    long first = only != null ? only : System.nanoTime();
    for (long seed = first; seed < first + (only != null ? 1 : RANDOM_FILES); seed++) {
      try {
        comesBack(SampleGguf.random(new SplittableRandom(seed)));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + " fails; repeat it by -Dyuntai.seed=" + seed, e);
      }
    }
  }

  private void comesBack(SampleGguf.Contents contents) throws IOException {
    GgufWriter writer = new GgufWriter();
    contents.metadata().forEach(writer::put);
    contents
        .tensors()
        .forEach(t -> writer.tensor(t.name(), t.type(), t.shape(), out -> out.write(t.data())));
    Path path = folder.resolve("sample.gguf");
    writer.write(path);
    assertThat(path).hasBinaryContent(contents.bytes());
    long alignment =
        contents.metadata().get("general.alignment") instanceof MetadataValue.Whole whole
            ? whole.value()
            : 32;
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.version()).isEqualTo(3);
      assertThat(file.metadata().values().keySet())
          .containsExactlyElementsOf(contents.metadata().keySet());
      contents
          .metadata()
          .forEach((key, value) -> same(file.metadata().find(key).orElseThrow(), value));
      assertThat(file.tensors()).hasSameSizeAs(contents.tensors());
      for (int i = 0; i < contents.tensors().size(); i++) {
        SampleGguf.Tensor expected = contents.tensors().get(i);
        TensorInfo tensor = file.tensors().get(i);
        assertThat(tensor.name()).isEqualTo(expected.name());
        assertThat(tensor.type()).isEqualTo(expected.type());
        assertThat(tensor.shape()).isEqualTo(expected.shape());
        assertThat(tensor.offset() % alignment).isZero();
        assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected.data());
        assertThat(file.tensor(expected.name())).isSameAs(tensor);
      }
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  private static void same(MetadataValue actual, MetadataValue expected) {
    if (expected instanceof MetadataValue.Array array) {
      assertThat(actual).isInstanceOf(MetadataValue.Array.class);
      MetadataValue.Array read = (MetadataValue.Array) actual;
      assertThat(read.elementType()).isEqualTo(array.elementType());
      List<MetadataValue> elements = array.elements(array.length());
      List<MetadataValue> readElements = read.elements(read.length());
      assertThat(readElements).hasSameSizeAs(elements);
      for (int i = 0; i < elements.size(); i++) {
        same(readElements.get(i), elements.get(i));
      }
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void arraysAreReadByType() {
    Metadata metadata =
        new Metadata(
            "m.gguf",
            Map.of(
                "words", MetadataValue.strings(List.of("", "云台", "a\uFFFDb")),
                "numbers", MetadataValue.ints(-1, 0, Integer.MAX_VALUE),
                "scores", MetadataValue.floats(-0.0f, 1.5f),
                "doubles",
                    MetadataValue.array(
                        MetadataType.FLOAT64,
                        List.of(new MetadataValue.Real(MetadataType.FLOAT64, 0.1))),
                "flags",
                    MetadataValue.array(
                        MetadataType.BOOL,
                        List.of(MetadataValue.flag(true), MetadataValue.flag(false)))));
    assertThat(metadata.strings("words")).containsExactly("", "云台", "a\uFFFDb");
    assertThat(metadata.ints("numbers")).containsExactly(-1, 0, Integer.MAX_VALUE);
    assertThat(metadata.floats("scores")).containsExactly(-0.0f, 1.5f);
    assertThat(metadata.floats("doubles")).containsExactly(0.1f);
    assertThat(metadata.bools("flags")).containsExactly(true, false);
    assertThat(metadata.findStrings("none")).isEmpty();
  }

  @Test
  void floatsAreWrittenAsF32() throws IOException {
    Path path = folder.resolve("f32.gguf");
    new GgufWriter().tensor("t", List.of(3L, 1L), new float[] {1, -0.0f, 2.5f}).write(path);
    try (GgufFile file = GgufFile.open(path)) {
      TensorInfo tensor = file.tensor("t");
      assertThat(tensor.type()).isEqualTo(TensorType.F32);
      assertThat(GgufInspection.values(tensor, 0, 3)).containsExactly(1, -0.0f, 2.5f);
    }
  }

  @Test
  void aSourceOfTheWrongLengthLeavesNoFile() {
    Path path = folder.resolve("short.gguf");
    GgufWriter writer =
        new GgufWriter()
            .tensor("t", TensorType.Q4_0, List.of(32L), MemorySegment.ofArray(new byte[17]));
    assertThatThrownBy(() -> writer.write(path))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tensor 't' takes 18 bytes but its source wrote 17");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailedWriteKeepsWhatWasThere() throws IOException {
    Path path = folder.resolve("kept.gguf");
    Files.writeString(path, "old");
    GgufWriter writer =
        new GgufWriter()
            .tensor(
                "t",
                TensorType.F32,
                List.of(1L),
                out -> {
                  throw new IOException("disk full");
                });
    assertThatThrownBy(() -> writer.write(path)).isInstanceOf(IOException.class);
    assertThat(path).hasContent("old");
    assertThat(folder.resolve("kept.gguf.partial")).doesNotExist();
  }

  @Test
  void theWriterRefusesWhatTheReaderWould() {
    GgufWriter writer = new GgufWriter().tensor("t", List.of(1L), new float[1]);
    assertThatThrownBy(() -> writer.tensor("t", List.of(1L), new float[1]))
        .hasMessage("tensor 't' is added twice");
    assertThatThrownBy(() -> writer.tensor("u", List.of(), new float[1]))
        .hasMessage("tensor 'u' has 0 dimensions; one to four are allowed");
    assertThatThrownBy(() -> writer.tensor("u", List.of(0L), new float[0]))
        .hasMessage("tensor 'u' has the shape [0]");
    assertThatThrownBy(() -> writer.tensor("u", TensorType.Q4_0, List.of(33L), MemorySegment.NULL))
        .hasMessage("tensor 'u' has rows that are no whole number of Q4_0 blocks");
    assertThatThrownBy(() -> writer.put("a\n", MetadataValue.flag(true)))
        .hasMessage("a name must have 1 to 65535 bytes and no control characters");
    assertThatThrownBy(() -> writer.put("general.alignment", MetadataValue.uint32(24)))
        .hasMessage("general.alignment must be a power of two from 8 to 1048576");
    assertThatThrownBy(() -> MetadataValue.uint32(-1)).hasMessage("-1 does not fit UINT32");
    assertThatThrownBy(
            () -> MetadataValue.array(MetadataType.INT8, List.of(MetadataValue.flag(true))))
        .hasMessage("an array of INT8 cannot hold BOOL");
  }
}
