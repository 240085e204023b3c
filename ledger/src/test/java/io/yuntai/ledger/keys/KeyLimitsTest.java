package io.yuntai.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.tenancy.RefusedException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models and addresses a key is for. */
class KeyLimitsTest {
  @ParameterizedTest
  @CsvSource({
    "qwen*, qwen2.5-coder:0.5b, true",
    "qwen*, smollm2, false",
    "*, anything/at:all, true",
    "*coder*, qwen2.5-coder:0.5b, true",
    "a*b*c, axxbyyc, true",
    "a*b*c, axxbyy, false",
    "a.c, abc, false",
    "exact, exact, true",
    "exact, exactly, false",
  })
  void matchesNamesOfModels(String pattern, String name, boolean matches) {
    assertThat(new ModelPattern(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void matchesAsRegularExpressionsWould() {
    long seed = Long.getLong("yuntai.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab*") + "a";
      String name = text(random, "ab");
      assertThat(new ModelPattern(pattern).matches(name))
          .as("seed %d: %s %s", seed, pattern, name)
          .isEqualTo(Pattern.matches(pattern.replace("*", ".*"), name));
    }
  }

  private static String text(Random random, String letters) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(8); n > 0; n--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  @Test
  void knowsWhichAddressesLieInARange() throws Exception {
    long seed = Long.getLong("yuntai.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      bytes[0] |= 1; // no IPv6 form of an IPv4 address
      int size = bytes.length * 8;
      int prefix = random.nextInt(size + 1);
      BigInteger value = new BigInteger(1, bytes);
      BigInteger first = value.shiftRight(size - prefix).shiftLeft(size - prefix);
      Network network =
          Network.parse(
              InetAddress.getByAddress(bytes(first, bytes.length)).getHostAddress() + "/" + prefix);
      assertThat(network.contains(InetAddress.getByAddress(bytes))).isTrue();
      byte[] other = bytes.clone();
      int flipped = random.nextInt(size);
      other[flipped >> 3] ^= (byte) (0x80 >> (flipped & 7));
      assertThat(network.contains(InetAddress.getByAddress(other)))
          .as("seed %d: %s %d", seed, network, flipped)
          .isEqualTo(flipped >= prefix);
    }
  }

  private static byte[] bytes(BigInteger value, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[length - 1 - i] = value.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "localhost",
        "1.2.3",
        "::1/129",
        "10.0.0.0/-1",
        "a",
        "10.0.0.0/8/8",
        "0x7f.1",
        "fe80::1%eth0",
        "10.0.0.0/",
        "256.0.0.1"
      })
  void refusesWhatIsNoRange(String text) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(RefusedException.class)
        .hasMessageMatching("(?s).{20,300}[.?]");
  }

  @Test
  void isForEverythingUnlessItIsSaid() throws Exception {
    KeyLimits limits = new KeyLimits(java.util.Set.of(Scope.EMBED), List.of(), List.of());
    assertThat(limits.allowsModel("any")).isTrue();
    assertThat(limits.allowsFrom(InetAddress.ofLiteral("203.0.113.7"))).isTrue();
  }
}
