package io.yuntai.console.branding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AccentTest {
  private static int rgb(String colour) {
    return Integer.parseInt(colour.substring(1), 16);
  }

  @Test
  void aColourThatIsReadableStaysAsItIs() {
    assertThat(Accent.of("#0b6b5d").light()).isEqualTo("#0b6b5d");
    assertThat(Accent.of("#4fc3ac").dark()).isEqualTo("#4fc3ac");
  }

  @Test
  void anyColourIsReadableOnAnyGround() {
    long seed = Long.getLong("yuntai.seed", 20261123);
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      String colour =
          i == 0 ? "#ffff00" : i == 1 ? "#000000" : "#%06x".formatted(random.nextInt(1 << 24));
      Accent accent = Accent.of(colour);
      for (int ground : new int[] {0xFFFFFF, 0xF7F8F6, 0xEEF1EE}) {
        assertThat(Accent.contrast(rgb(accent.light()), ground))
            .as("%s, seed %d", colour, seed)
            .isGreaterThanOrEqualTo(4.5);
      }
      for (int ground : new int[] {0x151D1A, 0x0E1412, 0x0A0F0D}) {
        assertThat(Accent.contrast(rgb(accent.dark()), ground))
            .as("%s, seed %d", colour, seed)
            .isGreaterThanOrEqualTo(4.5);
      }
      assertThat(Accent.contrast(rgb(accent.onLight()), rgb(accent.light())))
          .isGreaterThanOrEqualTo(4.5);
      assertThat(Accent.contrast(rgb(accent.onDark()), rgb(accent.dark())))
          .isGreaterThanOrEqualTo(4.5);
    }
  }
}
