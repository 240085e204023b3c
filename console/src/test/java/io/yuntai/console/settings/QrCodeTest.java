package io.yuntai.console.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class QrCodeTest {
  private static final String TEXT = "otpauth://totp/Yuntai:li@example.com?secret=".repeat(8);

  /**
   * By length of the text: modules on each side, and the beginning of the SHA-256 of the rows. Each
   * was compared, module by module, with what the Python package qrcode 8.2 draws for it.
   */
  private static final Object[][] DRAWN = {
    {5, 21, "2bb98ae842a9b99f"},
    {20, 25, "0c16046a8b48a90f"},
    {40, 29, "054473753e15b8f2"},
    {60, 33, "5ab9e2dfa61d7db4"},
    {80, 37, "f59c367a17b83d69"},
    {100, 41, "601a0a7b232c6140"},
    {115, 45, "5b6a69f13c712b06"},
    {145, 49, "792116211fabebc6"},
    {175, 53, "f5e9b322bbcc9a3e"},
    {210, 57, "e07b4e8e7d5c00d0"},
  };

  @Test
  void codesOfAllVersionsAreAsAnotherProgramDrawsThem() throws Exception {
    for (Object[] drawn : DRAWN) {
      QrCode code = QrCode.of(TEXT.substring(0, (Integer) drawn[0])).orElseThrow();
      assertThat(code.size()).isEqualTo(drawn[1]);
      assertThat(digest(code)).as("of %s bytes", drawn[0]).isEqualTo(drawn[2]);
    }
  }

  private static String digest(QrCode code) throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < code.size(); row++) {
      rows.append(row == 0 ? "" : "\n");
      for (int column = 0; column < code.size(); column++) {
        rows.append(code.isDark(row, column) ? '1' : '0');
      }
    }
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(rows.toString().getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest).substring(0, 16);
  }

  @Test
  void whatIsTooLongHasNone() {
    assertThat(QrCode.of("x".repeat(213))).isPresent();
    assertThat(QrCode.of("x".repeat(214))).isEmpty();
  }
}
