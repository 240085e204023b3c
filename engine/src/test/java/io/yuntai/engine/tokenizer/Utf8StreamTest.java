package io.yuntai.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8StreamTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void givesACharacterOnceItIsWhole() {
    Utf8Stream stream = new Utf8Stream();

    assertThat(stream.append(bytes('a', 0xE4))).isEqualTo("a");
    assertThat(stream.append(bytes(0xB8))).isEmpty();
    assertThat(stream.append(bytes(0xAD, 'b'))).isEqualTo("中b");
    assertThat(stream.append(bytes(0xF0, 0x9F, 0x98))).isEmpty();
    assertThat(stream.append(bytes(0x80))).isEqualTo("😀");
    assertThat(stream.finish()).isEmpty();
  }

  @Test
  void replacesWhatCanNoLongerBecomeACharacterAtOnce() {
    Utf8Stream stream = new Utf8Stream();

    assertThat(stream.append(bytes(0xFF))).isEqualTo("\uFFFD");
    assertThat(stream.append(bytes(0xE4))).isEmpty();
    assertThat(stream.append(bytes('x'))).isEqualTo("\uFFFDx");
    assertThat(stream.append(bytes(0xF5))).isEqualTo("\uFFFD");
  }

  @Test
  void replacesACutCharacterAtTheEnd() {
    Utf8Stream stream = new Utf8Stream();

    assertThat(stream.append(bytes(0xE4, 0xB8))).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
    assertThat(stream.finish()).isEmpty();
    assertThat(stream.append(bytes('a'))).isEqualTo("a");
  }

  @Test
  void addsUpToTheDecodingOfTheWhole() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      byte[] all = randomBytes(random);
      Utf8Stream stream = new Utf8Stream();
      StringBuilder text = new StringBuilder();
      for (int at = 0; at < all.length; ) {
        int to = Math.min(all.length, at + random.nextInt(4));
        text.append(stream.append(Arrays.copyOfRange(all, at, to)));
        at = to;
      }
      text.append(stream.finish());
      assertThat(text.toString())
          .as("seed %d, case %d: %s", SEED, i, Arrays.toString(all))
          .isEqualTo(new String(all, StandardCharsets.UTF_8));
    }
  }

  /** Bytes near the borders of UTF-8, or good text with damage. */
  private static byte[] randomBytes(Random random) {
    int[] borders = {
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE4,
      0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF
    };
    if (random.nextBoolean()) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) borders[random.nextInt(borders.length)];
      }
      return bytes;
    }
    byte[] bytes = new RandomTexts(random).next().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] = (byte) borders[random.nextInt(borders.length)];
    }
    return bytes;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
