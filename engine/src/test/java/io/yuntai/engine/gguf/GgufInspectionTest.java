package io.yuntai.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

class GgufInspectionTest {
  private static GgufFile full() {
    byte[] bytes = SampleGguf.full().bytes();
    return GgufFile.parse("full.gguf", MemorySegment.ofArray(bytes), Arena.ofAuto());
  }

  @Test
  void metadataBecomesPlainValues() {
    Map<String, Object> plain = GgufInspection.metadata(full(), 10);
    assertThat(plain)
        .contains(
            entry("general.architecture", "llama"),
            entry("general.alignment", 64L),
            entry("one.BOOL", true),
            entry("one.FLOAT32", 0.25f),
            entry("one.FLOAT64", 0.25),
            entry("many.STRING", List.of("text 0", "text 2")),
            entry("many.INT64", List.of(0L, 2L)),
            entry("nested", List.of(List.of(), List.of(7L))));
    assertThat(plain.keySet()).containsExactlyElementsOf(SampleGguf.full().metadata().keySet());
    assertThat(new ObjectMapper().writeValueAsString(plain)).contains("\"one.UINT16\":1");
  }

  @Test
  void longArraysAreCountedInsteadOfListed() {
    assertThat(GgufInspection.metadata(full(), 1))
        .contains(entry("many.STRING", Map.of("type", "STRING", "length", 2)));
  }

  @Test
  void unsignedNumbersKeepTheirValue() {
    byte[] bytes = SampleGguf.bytes(new GgufWriter().put("big", MetadataValue.uint64(-1)));
    GgufFile file = GgufFile.parse("f", MemorySegment.ofArray(bytes), Arena.ofAuto());
    assertThat(GgufInspection.metadata(file, 1))
        .containsEntry("big", new BigInteger("18446744073709551615"));
  }

  @Test
  void peopleSeeOneShortLine() {
    assertThat(GgufInspection.abbreviate(MetadataValue.uint64(-1), 40))
        .isEqualTo("18446744073709551615");
    assertThat(GgufInspection.abbreviate(MetadataValue.float32(1e-6f), 40)).isEqualTo("1.0E-6");
    assertThat(GgufInspection.abbreviate(MetadataValue.text("a\n\u001b\"😀"), 40))
        .isEqualTo("\"a\\n\\u001b\\\"😀\"");
    assertThat(GgufInspection.abbreviate(MetadataValue.text("x".repeat(50)), 4))
        .isEqualTo("\"xxxx\"... (50 characters)");
    assertThat(GgufInspection.abbreviate(MetadataValue.ints(1, 2, 3), 40)).isEqualTo("[1, 2, 3]");
    int[] zeros = new int[100];
    assertThat(GgufInspection.abbreviate(MetadataValue.ints(zeros), 10))
        .isEqualTo("[0, 0, 0, 0, ... (100 of INT32)]");
    assertThat(GgufInspection.abbreviate(MetadataValue.ints(), 10)).isEqualTo("[]");
  }

  @Test
  void tensorsAreListedInOrder() {
    assertThat(GgufInspection.tensors(full()))
        .extracting(t -> t.name() + " " + t.type() + " " + t.shape() + " " + t.bytes())
        .containsExactly(
            "token_embd.weight Q6_K [256, 2] 420",
            "blk.0.attn_q.weight Q4_0 [32, 3] 54",
            "blk.0.attn_q.bias F32 [5] 20",
            "blk.0.ffn_gate_exps.weight F16 [2, 3, 2] 24",
            "odd MXFP4 [32, 1, 1, 2] 34");
  }

  @Test
  void anyRangeOfValuesCanBeAskedFor() {
    TensorInfo tensor = full().tensor("blk.0.attn_q.weight");
    float[] all = new float[96];
    Dequantizer.dequantize(TensorType.Q4_0, tensor.data(), 0, 96, all, 0);
    for (int first = 0; first <= 96; first += 5) {
      for (int count = 0; count <= 96 - first; count += 7) {
        assertThat(GgufInspection.values(tensor, first, count))
            .containsExactly(Arrays.copyOfRange(all, first, first + count));
      }
    }
    assertThatThrownBy(() -> GgufInspection.values(tensor, 90, 7))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
