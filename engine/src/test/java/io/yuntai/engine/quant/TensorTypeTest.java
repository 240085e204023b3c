package io.yuntai.engine.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTypeTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByItsNumber(TensorType type) {
    assertThat(TensorType.fromId(type.id())).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "F32, 256, 1024",
    "F16, 3, 6",
    "BF16, 3, 6",
    "Q4_0, 64, 36",
    "Q4_1, 32, 20",
    "Q5_0, 32, 22",
    "Q5_1, 32, 24",
    "Q8_0, 32, 34",
    "Q2_K, 256, 84",
    "Q3_K, 256, 110",
    "Q4_K, 512, 288",
    "Q5_K, 256, 176",
    "Q6_K, 256, 210",
    "IQ4_NL, 32, 18",
    "IQ4_XS, 256, 136",
    "MXFP4, 32, 17"
  })
  void takesTheseBytes(TensorType type, long elements, long bytes) {
    assertThat(type.bytes(elements)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"17, 17 (IQ2_XS)", "28, 28 (F64)", "24, 24 (I8)", "34, 34 (TQ1_0)", "-1, 4294967295"})
  void namesATypeItDoesNotRead(int id, String named) {
    assertThatThrownBy(() -> TensorType.fromId(id))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("tensor type " + named + " is not supported; use one of F32, F16,");
  }

  @Test
  void sizesThatOverflowAreRefused() {
    assertThatThrownBy(() -> TensorType.F32.bytes(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> TensorType.F32.bytes(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
