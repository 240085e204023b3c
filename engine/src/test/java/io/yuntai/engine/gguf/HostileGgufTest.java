package io.yuntai.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.quant.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to mislead: what a user is told about each. */
class HostileGgufTest {
  private static final int UINT32 = 4;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LittleEndianOutput output = new LittleEndianOutput(bytes);

  private void header(int version, long tensors, long keys) throws IOException {
    output.write("GGUF".getBytes(StandardCharsets.US_ASCII));
    output.number(version, 4);
    output.number(tensors, 8);
    output.number(keys, 8);
  }

  private void key(String name, int type) throws IOException {
    output.text(name);
    output.number(type, 4);
  }

  private void tensor(String name, int type, long offset, long... shape) throws IOException {
    output.text(name);
    output.number(shape.length, 4);
    for (long dimension : shape) {
      output.number(dimension, 8);
    }
    output.number(type, 4);
    output.number(offset, 8);
  }

  private void isRefused(String sentence) {
    assertThatThrownBy(() -> parse(bytes.toByteArray()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("bad.gguf: " + sentence);
  }

  private static GgufFile parse(byte[] file) {
    return GgufFile.parse("bad.gguf", MemorySegment.ofArray(file), Arena.ofAuto());
  }

  @Test
  void tooShort() throws IOException {
    output.write("GGUF".getBytes(StandardCharsets.US_ASCII));
    isRefused("is 4 bytes long, too short for a GGUF file; fetch it again");
  }

  @Test
  void anotherFormat() throws IOException {
    output.write("{\"metadata\": \"of a safetensors file\"}".getBytes(StandardCharsets.UTF_8));
    isRefused("is not a GGUF file: it does not start with 'GGUF'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | has GGUF version 0, but only versions 2 and 3 are supported",
        "1 | has GGUF version 1, but only versions 2 and 3 are supported; convert the model again",
        "4 | has GGUF version 4, but only versions 2 and 3 are supported",
        "50331648 | is a big-endian GGUF file, which is not supported; convert it to little-endian"
      })
  void anotherVersion(int version, String sentence) throws IOException {
    header(version, 0, 0);
    isRefused(sentence);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anEmptyModelIsNoError(int version) throws IOException {
    header(version, 0, 0);
    GgufFile file = parse(bytes.toByteArray());
    assertThat(file.version()).isEqualTo(version);
    assertThat(file.tensors()).isEmpty();
  }

  @Test
  void hugeCounts() throws IOException {
    header(3, 0, -1);
    isRefused(
        "the header claims 18446744073709551615 metadata keys, more than the 65536 allowed; the"
            + " file is damaged");
    bytes.reset();
    header(3, 65_537, 0);
    isRefused("the header claims 65537 tensors, more than the 65536 allowed; the file is damaged");
    bytes.reset();
    header(3, 65_536, 0);
    isRefused(
        "the file ends after 24 bytes, inside the name of tensor 1; it is truncated or damaged,"
            + " fetch it again");
  }

  @Test
  void hugeStrings() throws IOException {
    header(3, 0, 1);
    output.number(-5, 8);
    isRefused(
        "the name of metadata key 1 claims to be 18446744073709551611 bytes long, more than the"
            + " 65535 allowed; the file is damaged");
    bytes.reset();
    header(3, 0, 1);
    key("tokenizer.chat_template", STRING);
    output.number(1L << 40, 8);
    isRefused(
        "metadata 'tokenizer.chat_template' claims to be 1099511627776 bytes long, more than the"
            + " 16777216 allowed; the file is damaged");
  }

  @Test
  void hugeArrays() throws IOException {
    header(3, 0, 1);
    key("a", ARRAY);
    output.number(UINT32, 4);
    output.number(1L << 62, 8);
    isRefused(
        "metadata 'a' claims an array of 4611686018427387904 elements, more than the 16777216"
            + " allowed; the file is damaged");
    bytes.reset();
    header(3, 0, 1);
    key("a", ARRAY);
    output.number(STRING, 4);
    output.number(1 << 24, 8);
    isRefused(
        "the file ends after 49 bytes, inside metadata 'a'; it is truncated or damaged, fetch it"
            + " again");
  }

  @Test
  void metadataThatIsTooLargeInAll(@TempDir Path folder) throws IOException {
    header(3, 0, 1);
    key("a", ARRAY);
    output.number(MetadataType.UINT64.id(), 4);
    output.number(1 << 24, 8);
    Path path = folder.resolve("bad.gguf");
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(bytes.toByteArray());
      sparse.setLength(200L << 20);
    }
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("bad.gguf: the metadata up to 'a' exceeds the 134217728 bytes allowed");
  }

  @Test
  void arraysInArraysInArrays() throws IOException {
    header(3, 0, 1);
    key("a", ARRAY);
    for (int i = 0; i < 4; i++) {
      output.number(ARRAY, 4);
      output.number(1, 8);
    }
    isRefused("metadata 'a' has arrays nested more than 4 deep");
  }

  @Test
  void unknownTypesOfValues() throws IOException {
    header(3, 0, 1);
    key("a", 13);
    isRefused(
        "metadata 'a' has the unknown type 13; the file is damaged or newer than this program");
  }

  @Test
  void truthValuesThatAreNeither() throws IOException {
    header(3, 0, 1);
    key("a", BOOL);
    output.write(255);
    isRefused("metadata 'a' should be a BOOL, 0 or 1, but is 255; the file is damaged");
  }

  @Test
  void namesThatCannotBeShown() throws IOException {
    header(3, 0, 1);
    output.number(2, 8);
    output.write(new byte[] {(byte) 0xc3, '('});
    isRefused("the name of metadata key 1 is not valid UTF-8");
    bytes.reset();
    header(3, 0, 1);
    key("\u001b[2J", STRING);
    isRefused("the name of metadata key 1 contains control characters");
    bytes.reset();
    header(3, 1, 0);
    tensor("", 0, 0, 1);
    isRefused("the name of tensor 1 is empty");
  }

  @Test
  void duplicates() throws IOException {
    header(3, 0, 2);
    for (int i = 0; i < 2; i++) {
      key("a", BOOL);
      output.write(1);
    }
    isRefused("metadata 'a' appears twice; the file is damaged");
    bytes.reset();
    header(3, 2, 0);
    tensor("t", 0, 0, 1);
    tensor("t", 0, 32, 1);
    isRefused("tensor 't' appears twice; the file is damaged");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, 12, 2_097_152, 4_294_967_295L})
  void absurdAlignments(long alignment) throws IOException {
    header(3, 0, 1);
    key("general.alignment", UINT32);
    output.number(alignment, 4);
    isRefused(
        "metadata 'general.alignment' should be a power of two from 8 to 1048576 but is "
            + alignment);
  }

  @Test
  void alignmentOfAnotherType() throws IOException {
    header(3, 0, 1);
    key("general.alignment", STRING);
    output.text("32");
    isRefused("metadata 'general.alignment' should be a whole number but is STRING");
  }

  @Test
  void shapes() throws IOException {
    header(3, 1, 0);
    tensor("t", 0, 0);
    isRefused("tensor 't' claims 0 dimensions; one to 4 are allowed");
    bytes.reset();
    header(3, 1, 0);
    tensor("t", 0, 0, 1, 1, 1, 1, 1);
    isRefused("tensor 't' claims 5 dimensions; one to 4 are allowed");
    bytes.reset();
    header(3, 1, 0);
    tensor("t", 0, 0, 4, 0);
    isRefused("tensor 't' has the dimension 0; 1 to 2147483647 are allowed");
    bytes.reset();
    header(3, 1, 0);
    tensor("t", 0, 0, -1);
    isRefused("tensor 't' has the dimension 18446744073709551615; 1 to 2147483647 are allowed");
    bytes.reset();
    header(3, 1, 0);
    tensor("t", 0, 0, 2_147_483_647, 2_147_483_647, 2);
    isRefused("tensor 't' has the shape [2147483647, 2147483647, 2], whose size overflows 64 bits");
    bytes.reset();
    header(3, 1, 0);
    tensor("t", 12, 0, 384);
    isRefused("tensor 't' has rows of 384 elements, which is no multiple of Q4_K's block of 256");
  }

  @Test
  void typesThatAreNotRead() throws IOException {
    String use = ", which is not supported; use a file with " + TensorType.all();
    header(3, 1, 0);
    tensor("t", 17, 0, 256);
    isRefused("tensor 't' has the type 17 (IQ2_XS)" + use);
    bytes.reset();
    header(3, 1, 0);
    tensor("t", 1000, 0, 256);
    isRefused("tensor 't' has the type 1000" + use);
  }

  @Test
  void tensorsOutsideTheFile() throws IOException {
    header(3, 1, 0);
    tensor("t", 0, 64, 8);
    output.pad(32);
    output.write(new byte[64]);
    isRefused(
        "tensor 't' needs 32 bytes at offset 64 of the data, but only 64 bytes of data are there;"
            + " the file is truncated or damaged, fetch it again");
  }

  @Test
  void offsetsThatOverflow() throws IOException {
    header(3, 1, 0);
    tensor("t", 0, Long.MAX_VALUE - 31, 8);
    isRefused(
        "tensor 't' needs 32 bytes at offset 9223372036854775776 of the data, but only 0 bytes of"
            + " data are there; the file is truncated or damaged, fetch it again");
    bytes.reset();
    header(3, 1, 0);
    tensor("t", 0, -32, 8);
    isRefused(
        "tensor 't' needs 32 bytes at offset 18446744073709551584 of the data, but only 0 bytes of"
            + " data are there; the file is truncated or damaged, fetch it again");
  }

  @Test
  void misalignedTensors() throws IOException {
    header(3, 1, 0);
    tensor("t", 0, 16, 8);
    output.write(new byte[200]);
    isRefused("tensor 't' starts at offset 16, which is no multiple of the alignment 32");
  }

  @Test
  void overlappingTensors() throws IOException {
    header(3, 2, 0);
    tensor("late", 0, 32, 8);
    tensor("early", 0, 0, 9);
    output.write(new byte[200]);
    isRefused("tensors 'early' and 'late' overlap; the file is damaged");
  }

  @Test
  void valuesOfAnotherTypeThanAsked() {
    Metadata metadata =
        new Metadata(
            "bad.gguf",
            Map.of(
                "text", MetadataValue.text("x"),
                "big", MetadataValue.uint64(-1),
                "wide", MetadataValue.uint32(4_294_967_295L),
                "list", MetadataValue.ints(1, 2)));
    assertThatThrownBy(() -> metadata.intValue("none"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("bad.gguf: metadata 'none' is missing");
    assertThatThrownBy(() -> metadata.intValue("text"))
        .hasMessage("bad.gguf: metadata 'text' should be a whole number but is STRING");
    assertThatThrownBy(() -> metadata.string("list"))
        .hasMessage("bad.gguf: metadata 'list' should be a string but is an ARRAY of INT32");
    assertThatThrownBy(() -> metadata.strings("list"))
        .hasMessage(
            "bad.gguf: metadata 'list' should be an array of strings but is an ARRAY of INT32");
    assertThatThrownBy(() -> metadata.floatValue("wide"))
        .hasMessage("bad.gguf: metadata 'wide' should be a floating-point number but is UINT32");
    assertThatThrownBy(() -> metadata.intValue("wide"))
        .hasMessage("bad.gguf: metadata 'wide' is 4294967295, which does not fit a 32-bit number");
    assertThatThrownBy(() -> metadata.longValue("big"))
        .hasMessage(
            "bad.gguf: metadata 'big' is 18446744073709551615, which does not fit a 64-bit"
                + " number");
  }

  @Test
  void malformedTextInAnArray() {
    byte[] encoded =
        ByteBuffer.allocate(19)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(1)
            .put((byte) 'a')
            .putLong(2)
            .put((byte) 0xe4)
            .put((byte) 'b')
            .array();
    MetadataValue words =
        new MetadataValue.Array(MetadataType.STRING, 2, MemorySegment.ofArray(encoded));
    Metadata metadata = new Metadata("bad.gguf", Map.of("words", words));
    assertThatThrownBy(() -> metadata.strings("words"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("bad.gguf: metadata 'words' is not valid UTF-8 at index 1");
  }

  @Test
  void foldersAndMissingFiles(@TempDir Path folder) throws IOException {
    Path models = Files.createDirectory(folder.resolve("models"));
    assertThatThrownBy(() -> GgufFile.open(models))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("models: is a folder, not a GGUF file");
    assertThatThrownBy(() -> GgufFile.open(Path.of("/dev/null")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("null: is not a regular file; copy the model to disk");
    assertThatThrownBy(() -> GgufFile.open(folder.resolve("none.gguf")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void tensorsMustBeThere() throws IOException {
    header(3, 0, 0);
    GgufFile file = parse(bytes.toByteArray());
    assertThat(file.findTensor("t")).isEmpty();
    assertThatThrownBy(() -> file.tensor("t"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("bad.gguf: tensor 't' is missing");
  }

  @Test
  void nothingIsReadAfterClose(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("m.gguf");
    new GgufWriter().tensor("t", List.of(1L), new float[] {1}).write(path);
    GgufFile file = GgufFile.open(path);
    TensorInfo tensor = file.tensor("t");
    file.close();
    file.close();
    assertThatThrownBy(() -> GgufInspection.values(tensor, 0, 1))
        .isInstanceOf(IllegalStateException.class);
  }
}
