package io.yuntai.server.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.output.JsonScanner.State;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class JsonScannerTest {
  private static final long SEED = Long.getLong("yuntai.seed", System.nanoTime());
  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {\"a\":[]}",
        "{\"a\":[1,-0,0.5,10e3,1E-2,true,false,null,{\"b\":\"\\u00e4\\n\\\"\"}]}",
      })
  void objectsEndWithTheirLastBrace(String json) {
    assertThat(scan(json)).isEqualTo(State.COMPLETE);
    for (int length = 0; length < json.length(); length++) {
      assertThat(scan(json.substring(0, length))).isEqualTo(State.OPEN);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "1",
        "{1",
        "{\"a\" 1",
        "{\"a\":1,}",
        "{\"a\":[1,]",
        "{\"a\":01",
        "{\"a\":1.}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":'",
        "{\"a\":\"\\x",
        "{\"a\":\"\\u12g",
        "{\"a\":\"\n",
        "{\"a\":[}",
        "{,"
      })
  void whatCantBeJsonIsSeenAtOnce(String json) {
    assertThat(scan(json)).isEqualTo(State.BROKEN);
    assertThat(scan(json.substring(0, json.length() - 1))).isEqualTo(State.OPEN);
  }

  /** What the scanner takes as a whole object is one to Jackson too, and the other way round. */
  @Test
  void agreesWithJackson() {
    Random random = new Random(SEED);
    String alphabet = "{}[]\",:\\u0a1-+.eEtrufalsn 9";
    for (int trial = 0; trial < 100_000; trial++) {
      StringBuilder text = new StringBuilder("{\"a\":[1,{\"b\":-2.5e3},\"c\\n\",true,null]}");
      for (int edits = random.nextInt(3); edits >= 0; edits--) {
        int at = random.nextInt(text.length());
        String c = String.valueOf(alphabet.charAt(random.nextInt(alphabet.length())));
        switch (random.nextInt(3)) {
          case 0 -> text.replace(at, at + 1, c);
          case 1 -> text.insert(at, c);
          default -> text.deleteCharAt(at);
        }
      }
      assertThat(isObject(text.toString()))
          .as("-Dyuntai.seed=%d: %s", SEED, text)
          .isEqualTo(parses(text.toString()));
    }
  }

  private static boolean isObject(String text) {
    JsonScanner scanner = new JsonScanner();
    for (int i = 0; i < text.length(); i++) {
      State state = scanner.next(text.charAt(i));
      if (state != State.OPEN) {
        return state == State.COMPLETE && text.substring(i + 1).isBlank();
      }
    }
    return false;
  }

  private static boolean parses(String text) {
    try {
      return JSON.readTree(text).isObject();
    } catch (JacksonException _) {
      return false;
    }
  }

  private static State scan(String text) {
    JsonScanner scanner = new JsonScanner();
    State state = State.OPEN;
    for (int i = 0; i < text.length(); i++) {
      assertThat(state).as("before %d of %s", i, text).isEqualTo(State.OPEN);
      state = scanner.next(text.charAt(i));
    }
    return state;
  }
}
