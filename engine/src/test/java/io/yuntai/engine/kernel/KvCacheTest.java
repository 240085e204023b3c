package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the formats of keys and values keep of a number. */
class KvCacheTest {
  private static final int LENGTH = 40;

  @Test
  void f32KeepsEverything() {
    assertThat(stored(KvCache.Format.F32, 1.2345678f)).isEqualTo(1.2345678f);
  }

  @Test
  void f16AndBf16RoundToTheNearestAndTiesToEven() {
    assertThat(stored(KvCache.Format.F16, 1 + 0x1p-11f)).isEqualTo(1);
    assertThat(stored(KvCache.Format.F16, 1 + 0x3p-11f)).isEqualTo(1 + 0x1p-9f);
    assertThat(stored(KvCache.Format.BF16, 1 + 0x1p-8f)).isEqualTo(1);
    assertThat(stored(KvCache.Format.BF16, 1 + 0x3p-8f)).isEqualTo(1 + 0x1p-6f);
    assertThat(stored(KvCache.Format.BF16, -(1 + 0x1.1p-8f))).isEqualTo(-(1 + 0x1p-7f));
  }

  @ParameterizedTest
  @EnumSource(
      value = KvCache.Format.class,
      names = {"F16", "BF16", "Q8_0"})
  void noNumberBecomesInfinite(KvCache.Format format) {
    assertThat(stored(format, Float.MAX_VALUE)).isFinite().isPositive();
    assertThat(stored(format, Float.NEGATIVE_INFINITY)).isFinite().isNegative();
  }

  @ParameterizedTest
  @EnumSource(KvCache.Format.class)
  void whatIsNoNumberStaysNone(KvCache.Format format) {
    assertThat(Float.isNaN(stored(format, Float.NaN))).isTrue();
  }

  @Test
  void codesShareAScaleWithTheirGroupOnly() {
    float[] x = new float[LENGTH];
    x[0] = 127; // the first group's scale is 1
    x[1] = 2.5f;
    x[2] = 3.5f;
    x[3] = 0.4f;
    x[32] = 0.25f; // the second group's is 0.25 / 127, as F16
    try (KvCache cache = stored(KvCache.Format.Q8_0, x)) {
      assertThat(cache.key(0, 3, 0, 0, 0)).isEqualTo(127);
      assertThat(cache.value(0, 3, 0, 0, 1)).isEqualTo(2);
      assertThat(cache.value(0, 3, 0, 0, 2)).isEqualTo(4);
      assertThat(cache.key(0, 3, 0, 0, 3)).isZero();
      float scale = Float.float16ToFloat(Float.floatToFloat16(0.25f / 127));
      assertThat(cache.key(0, 3, 0, 0, 32)).isEqualTo(127 * scale);
    }
  }

  @Test
  void codesTakeLittleMoreThanHalfOfF16() {
    KvShape shape = new KvShape(2, 3, 64, 64);
    assertThat(KvCache.blockBytes(shape, KvCache.Format.F16)).isEqualTo(2L * 3 * 128 * 32 * 2);
    assertThat(KvCache.blockBytes(shape, KvCache.Format.Q8_0))
        .isEqualTo(2L * 3 * (128 + 128 / 32 * 2) * 32);
  }

  @Test
  void formatsHaveNames() {
    assertThat(KvCache.Format.named("q8_0")).isEqualTo(KvCache.Format.Q8_0);
    assertThatThrownBy(() -> KvCache.Format.named("q4_0"))
        .hasMessage("keys and values are stored as f32, f16, bf16 or q8_0, not as q4_0");
  }

  private static float stored(KvCache.Format format, float value) {
    float[] x = new float[LENGTH];
    x[5] = value;
    try (KvCache cache = stored(format, x)) {
      float key = cache.key(0, 3, 0, 0, 5);
      float other = cache.value(0, 3, 0, 0, 5);
      assertThat(Float.floatToRawIntBits(other)).isEqualTo(Float.floatToRawIntBits(key));
      return key;
    }
  }

  private static KvCache stored(KvCache.Format format, float[] x) {
    KvCache cache = new KvCache(new KvShape(1, 1, LENGTH, LENGTH), 1, format);
    cache.prepare(0);
    cache.write(0, 3, 0, 0, x, 0, x, 0);
    return cache;
  }
}
