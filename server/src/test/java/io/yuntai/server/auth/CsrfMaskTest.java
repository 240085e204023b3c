package io.yuntai.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CsrfMaskTest {
  private static final String TOKEN = "kF3v-Zq8_0aB";

  @Test
  void aMaskedTokenIsNeverTheSameAndAlwaysTheToken() {
    Random random = new Random(7);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String masked = CsrfMask.put(TOKEN, random);
      assertThat(masked).doesNotContain(TOKEN);
      assertThat(CsrfMask.remove(masked)).isEqualTo(TOKEN);
      seen.add(masked);
    }
    assertThat(seen).hasSize(100);
  }

  @Test
  void whatIsNotMaskedStaysAndWhatIsBrokenIsNothing() {
    assertThat(CsrfMask.remove(TOKEN)).isEqualTo(TOKEN);
    assertThat(CsrfMask.remove("")).isEmpty();
    assertThat(CsrfMask.remove("m.")).isEmpty();
    assertThat(CsrfMask.remove("m.%%%")).isEmpty();
    assertThat(CsrfMask.remove("m.A")).isEmpty();
  }
}
