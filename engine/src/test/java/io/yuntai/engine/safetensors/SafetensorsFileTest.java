package io.yuntai.engine.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  private static final String HEADER =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
          + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]},"
          + "\"b\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[32,40]}}";

  @TempDir Path folder;

  @Test
  void givesTensorsWithTheFastestDimensionFirst() throws IOException {
    try (SafetensorsFile file = open(HEADER, 40)) {
      assertThat(file.tensors()).containsOnlyKeys("w", "b");
      TensorInfo w = file.tensor("w");
      assertThat(w.type()).isEqualTo(TensorType.F32);
      assertThat(w.shape()).isEqualTo(List.of(3L, 2L));
      assertThat(w.data().byteSize()).isEqualTo(24);
      assertThat(w.data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 8);
      assertThatThrownBy(() -> file.tensor("x")).hasMessageContaining("no tensor x");
    }
  }

  @Test
  void refusesTensorsThatDoNotFitTheirPlace() {
    refused(HEADER, 39);
    refused(HEADER.replace("[8,32]", "[8,31]"), 40);
    refused(HEADER.replace("[8,32]", "[32,8]"), 40);
    refused(HEADER.replace("[2,3]", "[2147483647,2147483647,2147483647]"), 40);
    refused(HEADER.replace("[2,3]", "[-2,3]"), 40);
    refused(HEADER.replace("[2,3]", "\"x\""), 40);
    refused(HEADER.replace("{\"dtype\":\"F16\"", "[\"F16\""), 40);
    refused("[]", 0);
    refused("{}" + "\0", 0);
  }

  @Test
  void damagedFilesAreRefusedOrRead() throws IOException {
    byte[] intact = bytes(HEADER, 40);
    Random random = new Random(SEED);
    for (int i = 0; i < 1_000; i++) {
      byte[] damaged =
          java.util.Arrays.copyOf(
              intact, random.nextInt(4) == 0 ? random.nextInt(intact.length) : intact.length);
      for (int n = 0; n < 3 && damaged.length > 0; n++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Path path = Files.write(folder.resolve("damaged.safetensors"), damaged);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        file.tensors().values().forEach(tensor -> tensor.data().toArray(ValueLayout.JAVA_BYTE));
      } catch (ModelFormatException e) {
        assertThat(e.getMessage()).as("seed %d", SEED).startsWith("damaged.safetensors");
      }
    }
  }

  private void refused(String header, int dataBytes) {
    assertThatThrownBy(() -> open(header, dataBytes).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("is no safetensors file or damaged");
  }

  private SafetensorsFile open(String header, int dataBytes) throws IOException {
    return SafetensorsFile.open(
        Files.write(folder.resolve("t.safetensors"), bytes(header, dataBytes)));
  }

  private static byte[] bytes(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (int i = 0; i < dataBytes; i++) {
      bytes.put((byte) i);
    }
    return bytes.array();
  }
}
