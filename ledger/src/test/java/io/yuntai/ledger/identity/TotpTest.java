package io.yuntai.ledger.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Codes that change with time. */
class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

  /** Last six of the eight digits that RFC 6238, appendix B, gives for SHA-1. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void givesTheCodesOfTheStandard(long second, String code) {
    assertThat(Totp.code(SECRET, Totp.stepAt(Instant.ofEpochSecond(second)))).isEqualTo(code);
  }

  @Test
  void acceptsTheStepsAroundNowAndNoneTwice() {
    Instant now = Instant.ofEpochSecond(1_111_111_111);
    long step = Totp.stepAt(now);
    for (long near = step - 1; near <= step + 1; near++) {
      assertThat(Totp.step(SECRET, Totp.code(SECRET, near), now, 0)).hasValue(near);
    }
    assertThat(Totp.step(SECRET, Totp.code(SECRET, step), now, step)).isEmpty();
    assertThat(Totp.step(SECRET, Totp.code(SECRET, step - 2), now, 0)).isEmpty();
    assertThat(Totp.step(SECRET, Totp.code(SECRET, step + 2), now, 0)).isEmpty();
    assertThat(Totp.step(SECRET, "", now, 0)).isEmpty();
  }

  /** RFC 4648, section 10, without its padding. */
  @Test
  void writesBase32() {
    Map.of("f", "MY", "fo", "MZXQ", "foo", "MZXW6", "foob", "MZXW6YQ", "foobar", "MZXW6YTBOI")
        .forEach((plain, text) ->
            assertThat(Totp.base32(plain.getBytes(StandardCharsets.US_ASCII))).isEqualTo(text));
  }

  @Test
  void writesWhatAppsRead() {
    assertThat(Totp.uri(SECRET, "a b+c@example.com"))
        .startsWith("otpauth://totp/Yuntai:a%20b%2Bc%40example.com?secret=" + Totp.base32(SECRET));
  }
}
