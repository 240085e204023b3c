package io.yuntai.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others wrote is what they published. */
class VendoredFilesTest {
  private static byte[] bytes(String name) throws Exception {
    try (InputStream in = ConsoleApi.class.getResourceAsStream("assets/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  @Test
  void filesOfOthersHaveTheDigestsThatAreListed() throws Exception {
    List<String> lines =
        new String(bytes("vendored.txt"), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(4);
    for (String line : lines) {
      String[] parts = line.split(" ", 3);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(parts[1]));
      assertThat(HexFormat.of().formatHex(digest)).as(parts[1]).isEqualTo(parts[0]);
    }
  }

  @Test
  void everyFileOfOthersIsListed() throws Exception {
    String list = new String(bytes("vendored.txt"), StandardCharsets.UTF_8);
    assertThat(BaseAssets.SOURCE.names())
        .filteredOn(name -> name.matches(".*-[0-9]+[.][0-9]+[.][0-9]+[.].*"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(list).contains(" " + name + " "));
  }

  @Test
  void noScriptOfOursBreaksThePolicy() throws Exception {
    for (String name : List.of("console.js", "chart.js")) {
      assertThat(new String(bytes(name), StandardCharsets.UTF_8))
          .doesNotContain("eval(", "new Function", "innerHTML", "http://", "https://");
    }
  }
}
