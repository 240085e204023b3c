package io.yuntai.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts are UTF-8 to the byte: nothing overlong, no surrogates, nothing beyond Unicode. */
class Utf8ExactnessTest {
  private static final int[] SECOND = {0x7F, 0x80, 0x81, 0x8F, 0x90, 0x9F, 0xA0, 0xA5, 0xBF, 0xC0};
  private static final int[] LATER = {0x22, 0x7F, 0x80, 0xBF, 0xC0};

  @Test
  void rawTextsAreUtf8() throws GrammarException {
    Grammar text = Grammar.of(Expr.text(Dfa.ANYTHING, Expr.Encoding.RAW));
    for (byte[] bytes : sequences()) {
      assertThat(text.match(bytes).complete()).as(Arrays.toString(bytes)).isEqualTo(isUtf8(bytes));
    }
  }

  @Test
  void boundedTextsAreUtf8AndCountCharacters() throws GrammarException {
    Grammar text = Grammar.of(Expr.text(Dfa.lengthBetween(1, 1), Expr.Encoding.RAW));
    for (byte[] bytes : sequences()) {
      boolean one = isUtf8(bytes) && Utf8ExactnessTest.text(bytes).codePoints().count() == 1;
      assertThat(text.match(bytes).complete()).as(Arrays.toString(bytes)).isEqualTo(one);
    }
  }

  @Test
  void classesTakeTheirCharactersOnly() throws GrammarException {
    Grammar letters = Grammar.regex("\\p{L}*");
    for (byte[] bytes : sequences()) {
      boolean all = isUtf8(bytes) && text(bytes).codePoints().allMatch(Character::isLetter);
      assertThat(letters.match(bytes).complete()).as(Arrays.toString(bytes)).isEqualTo(all);
    }
  }

  @Test
  void stringsOfJsonAreUtf8() throws GrammarException {
    Grammar string =
        Grammar.of(Expr.sequence(Expr.literal("\""), Expr.text(Dfa.ANYTHING, Expr.Encoding.JSON)));
    for (byte[] bytes : sequences()) {
      byte[] quoted = new byte[bytes.length + 2];
      System.arraycopy(bytes, 0, quoted, 1, bytes.length);
      quoted[0] = '"';
      quoted[quoted.length - 1] = '"';
      if (text(bytes).chars().noneMatch(c -> c == '"' || c == '\\')) {
        boolean plain = isUtf8(bytes) && text(bytes).chars().noneMatch(c -> c < 0x20);
        assertThat(string.match(quoted).complete()).as(Arrays.toString(bytes)).isEqualTo(plain);
      }
    }
  }

  /** All of one byte, and of up to four with bytes next to where rules change. */
  private static List<byte[]> sequences() {
    List<byte[]> all = new ArrayList<>();
    for (int first = 0; first < 256; first++) {
      all.add(new byte[] {(byte) first});
      for (int second : first < 0xC0 ? LATER : SECOND) {
        all.add(new byte[] {(byte) first, (byte) second});
        for (int third : first < 0xE0 ? new int[] {0x80} : LATER) {
          all.add(new byte[] {(byte) first, (byte) second, (byte) third});
          for (int fourth : first < 0xF0 ? new int[] {0x80} : LATER) {
            all.add(new byte[] {(byte) first, (byte) second, (byte) third, (byte) fourth});
          }
        }
      }
    }
    return all;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
