package io.yuntai.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  private static final String SAMPLE =
      """
      {"name":"caf\\u00e9 \\n\\"x\\"","list":[1,-2.5e3,true,false,null,[]],"deep":{"a":{}}}\
      """;

  @Test
  void readsValuesOfEveryKind() {
    var object = JsonReader.parseObject(SAMPLE);
    assertThat(object.keySet()).containsExactly("name", "list", "deep");
    assertThat(object.get("name")).isEqualTo("café \n\"x\"");
    assertThat(object.get("list"))
        .isEqualTo(Arrays.asList(1L, -2500.0, true, false, null, java.util.List.of()));
    assertThat(JsonReader.parse(" 12 ")).isEqualTo(12L);
    assertThat(JsonReader.parse("123456789012345678901234567890")).isEqualTo(1.2345678901234568e29);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "01",
        "-",
        "1.",
        "1e",
        "tru",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "1 2",
        "{\"a\":1,\"a\":2}",
        "[1 2]",
        "NaN"
      })
  void refusesWhatIsNoJson(String text) {
    assertThatThrownBy(() -> JsonReader.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void refusesBracketsWithoutEnd() {
    assertThatThrownBy(() -> JsonReader.parse("[".repeat(100_000)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("64");
  }

  @Test
  void damageGivesAValueOrOneException() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(SAMPLE);
      for (int n = random.nextInt(4); n >= 0; n--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[]\",:\\u1e-".charAt(random.nextInt(12)));
          default -> text.setCharAt(at, (char) random.nextInt(256));
        }
      }
      try {
        JsonReader.parse(text.toString());
      } catch (JsonException e) {
        assertThat(e.getMessage()).as("seed %d", SEED).contains("at character");
      }
    }
  }
}
