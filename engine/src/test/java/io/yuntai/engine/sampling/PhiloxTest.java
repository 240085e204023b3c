package io.yuntai.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhiloxTest {
  // Known answers of philox4x32-10 as Random123 publishes them.

  @Test
  void allZerosGiveTheKnownAnswer() {
    assertThat(Philox.block(new int[4], new int[2]))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  }

  @Test
  void allOnesGiveTheKnownAnswer() {
    assertThat(Philox.block(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  }

  @Test
  void digitsOfPiGiveTheKnownAnswer() {
    assertThat(
            Philox.block(
                new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                new int[] {0xa4093822, 0x299f31d0}))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void aUniformNumberIsTheUpper53BitsOfTheFirstTwoWords() {
    assertThat(Philox.uniform(0, 0, 0)).isEqualTo((0x6627e8d5e169c58dL >>> 11) * 0x1p-53);
  }

  @Test
  void uniformNumbersFillTheUnitIntervalEvenly() {
    int[] buckets = new int[10];
    for (int position = 0; position < 100_000; position++) {
      double u = Philox.uniform(42, 3, position);
      assertThat(u).isBetween(0.0, Math.nextDown(1.0));
      buckets[(int) (u * 10)]++;
    }
    for (int bucket : buckets) {
      assertThat(bucket).isBetween(9_600, 10_400);
    }
  }

  @Test
  void seedStreamAndPositionEachChangeTheNumber() {
    assertThat(
            new double[] {
              Philox.uniform(1, 0, 0),
              Philox.uniform(1L << 32, 0, 0),
              Philox.uniform(0, 1, 0),
              Philox.uniform(0, 0, 1),
              Philox.uniform(0, 0, 1L << 32)
            })
        .doesNotHaveDuplicates()
        .doesNotContain(Philox.uniform(0, 0, 0));
  }
}
