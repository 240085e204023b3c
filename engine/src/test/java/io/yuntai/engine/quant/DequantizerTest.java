package io.yuntai.engine.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The values of all types against ggml's own, compared as bits. */
class DequantizerTest {
  private static final JsonNode VECTORS = readVectors();

  private static JsonNode readVectors() {
    try (InputStream json = DequantizerTest.class.getResourceAsStream("quants.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(json));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] blocks(TensorType type) {
    return Base64.getDecoder().decode(VECTORS.get(type.name()).get("blocks").asString());
  }

  private static int[] expectedBits(TensorType type) {
    byte[] values = Base64.getDecoder().decode(VECTORS.get(type.name()).get("values").asString());
    int[] bits = new int[values.length / 4];
    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(bits);
    return bits;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static List<TensorType> blockTypes() {
    return Arrays.stream(TensorType.values()).filter(t -> t.blockFormat().isPresent()).toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
  void valuesEqualGgmlsBitForBit(TensorType type) {
    byte[] blocks = blocks(type);
    int[] expected = expectedBits(type);
    assertThat(type.bytes(expected.length)).isEqualTo(blocks.length);

    float[] onHeap = new float[expected.length];
    Dequantizer.dequantize(type, MemorySegment.ofArray(blocks), 0, expected.length, onHeap, 0);
    assertThat(bits(onHeap)).isEqualTo(expected);

    try (Arena arena = Arena.ofConfined()) {
      MemorySegment shifted = arena.allocate(blocks.length + 1);
      MemorySegment.copy(blocks, 0, shifted, ValueLayout.JAVA_BYTE, 1, blocks.length);
      float[] fromNative = new float[expected.length + 3];
      Dequantizer.dequantize(type, shifted, 1, expected.length, fromNative, 3);
      assertThat(bits(Arrays.copyOfRange(fromNative, 3, fromNative.length))).isEqualTo(expected);
    }
  }

  @Test
  void everyTypeHasVectors() {
    assertThat(VECTORS.propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TensorType.values())
                .filter(type -> type != TensorType.F32)
                .map(TensorType::name)
                .toList());
  }

  @Test
  void copiesF32AsItIs() {
    int[] bits = {0x8000_0000, 0x7fc0_1234, 0x0000_0001, 0x3f80_0000};
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(bits);
    float[] values = new float[4];
    Dequantizer.dequantize(TensorType.F32, MemorySegment.ofArray(bytes.array()), 0, 4, values, 0);
    assertThat(bits(values)).isEqualTo(bits);
  }

  @ParameterizedTest
  @MethodSource("blockTypes")
  void unpackWritesOnlyItsBlockAndItsGroups(TensorType type) {
    BlockFormat format = type.blockFormat().orElseThrow();
    byte[] codes = new byte[format.elements() + 2];
    BlockScales scales = new BlockScales();
    Arrays.fill(codes, (byte) 99);
    Arrays.fill(scales.groupScales, (byte) 77);
    format.unpack(MemorySegment.ofArray(blocks(type)), 0, codes, 1, scales);
    assertThat(new byte[] {codes[0], codes[format.elements() + 1]}).containsOnly(99);
    for (int i = format.elements() / format.groupSize(); i < BlockScales.MAX_GROUPS; i++) {
      assertThat(scales.groupScales[i]).isEqualTo((byte) 77);
    }
    if (!format.hasMin()) {
      assertThat(scales.minimum).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("blockTypes")
  void largestCodeIsReachedAndNeverExceeded(TensorType type) {
    BlockFormat format = type.blockFormat().orElseThrow();
    byte[] codes = new byte[format.elements()];
    BlockScales scales = new BlockScales();
    int largest = 0;
    for (int fill = 0; fill < 256; fill++) {
      byte[] block = new byte[format.bytes()];
      Arrays.fill(block, (byte) fill);
      format.unpack(MemorySegment.ofArray(block), 0, codes, 0, scales);
      for (byte code : codes) {
        largest = Math.max(largest, Math.abs(code));
      }
    }
    assertThat(largest).isEqualTo(format.maxAbsCode());
  }

  @Test
  void refusesPartsOfABlockAndBytesThatAreNotThere() {
    MemorySegment block = MemorySegment.ofArray(new byte[18]);
    float[] target = new float[32];
    assertThatThrownBy(() -> Dequantizer.dequantize(TensorType.Q4_0, block, 0, 31, target, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("31 elements are no whole number of Q4_0 blocks of 32");
    assertThatThrownBy(() -> Dequantizer.dequantize(TensorType.Q4_0, block, 1, 32, target, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Dequantizer.dequantize(TensorType.Q4_0, block, 0, 32, target, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
