package io.yuntai.engine.grammar;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sets of characters that regular expressions name. */
final class CharacterClasses {
  static final CodePoints DIGITS = CodePoints.of('0', '9');
  static final CodePoints LETTERS = CodePoints.of('A', 'Z').union(CodePoints.of('a', 'z'));
  static final CodePoints WORD = LETTERS.union(DIGITS).union(CodePoints.of('_'));

  /** ECMA-262's LineTerminator. */
  static final CodePoints LINE_BREAKS = CodePoints.anyOf("\n\r\u2028\u2029");

  /** ECMA-262's WhiteSpace and LineTerminator. */
  static final CodePoints SPACE =
      CodePoints.of(
          List.of(
              new int[] {'\t', '\r'},
              new int[] {' ', ' '},
              new int[] {0xA0, 0xA0},
              new int[] {0x1680, 0x1680},
              new int[] {0x2000, 0x200A},
              new int[] {0x2028, 0x2029},
              new int[] {0x202F, 0x202F},
              new int[] {0x205F, 0x205F},
              new int[] {0x3000, 0x3000},
              new int[] {0xFEFF, 0xFEFF}));

  /** General categories by both of their names (Unicode Standard Annex 44, section 5.7.1). */
  private static final Map<String, Set<Integer>> CATEGORIES =
      Map.ofEntries(
          category("Lu", Character.UPPERCASE_LETTER),
          category("Uppercase_Letter", Character.UPPERCASE_LETTER),
          category("Ll", Character.LOWERCASE_LETTER),
          category("Lowercase_Letter", Character.LOWERCASE_LETTER),
          category("Lt", Character.TITLECASE_LETTER),
          category("Lm", Character.MODIFIER_LETTER),
          category("Lo", Character.OTHER_LETTER),
          category("L", letters()),
          category("Letter", letters()),
          category("Mn", Character.NON_SPACING_MARK),
          category("Mc", Character.COMBINING_SPACING_MARK),
          category("Me", Character.ENCLOSING_MARK),
          category("M", marks()),
          category("Mark", marks()),
          category("Nd", Character.DECIMAL_DIGIT_NUMBER),
          category("Decimal_Number", Character.DECIMAL_DIGIT_NUMBER),
          category("digit", Character.DECIMAL_DIGIT_NUMBER),
          category("Nl", Character.LETTER_NUMBER),
          category("No", Character.OTHER_NUMBER),
          category("N", numbers()),
          category("Number", numbers()),
          category("Pc", Character.CONNECTOR_PUNCTUATION),
          category("Pd", Character.DASH_PUNCTUATION),
          category("Ps", Character.START_PUNCTUATION),
          category("Pe", Character.END_PUNCTUATION),
          category("Pi", Character.INITIAL_QUOTE_PUNCTUATION),
          category("Pf", Character.FINAL_QUOTE_PUNCTUATION),
          category("Po", Character.OTHER_PUNCTUATION),
          category("P", punctuation()),
          category("Punctuation", punctuation()),
          category("Sm", Character.MATH_SYMBOL),
          category("Sc", Character.CURRENCY_SYMBOL),
          category("Sk", Character.MODIFIER_SYMBOL),
          category("So", Character.OTHER_SYMBOL),
          category("S", symbols()),
          category("Symbol", symbols()),
          category("Zs", Character.SPACE_SEPARATOR),
          category("Zl", Character.LINE_SEPARATOR),
          category("Zp", Character.PARAGRAPH_SEPARATOR),
          category("Z", separators()),
          category("Separator", separators()),
          category("Cc", Character.CONTROL),
          category("Control", Character.CONTROL),
          category("Cf", Character.FORMAT));

  private CharacterClasses() {}

  /**
   * What {@code \p{name}} means: a general category, or a script as {@code Script=Greek}.
   *
   * @return empty for a name that is not known
   */
  static Optional<CodePoints> property(String name) {
    int equals = name.indexOf('=');
    String key = equals < 0 ? "" : name.substring(0, equals);
    String value = name.substring(equals + 1);
    if (key.equals("Script") || key.equals("sc")) {
      try {
        Character.UnicodeScript script =
            Character.UnicodeScript.forName(value.toUpperCase(Locale.ROOT));
        return Optional.of(CodePoints.where(c -> Character.UnicodeScript.of(c) == script));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
    Set<Integer> types = CATEGORIES.getOrDefault(value, Set.of());
    boolean known = equals < 0 || key.equals("General_Category") || key.equals("gc");
    return known && !types.isEmpty()
        ? Optional.of(CodePoints.where(c -> types.contains(Character.getType(c))))
        : Optional.empty();
  }

  private static Map.Entry<String, Set<Integer>> category(String name, int... types) {
    Set<Integer> set = new java.util.HashSet<>();
    for (int type : types) {
      set.add(type);
    }
    return Map.entry(name, Set.copyOf(set));
  }

  private static int[] letters() {
    return new int[] {
      Character.UPPERCASE_LETTER,
      Character.LOWERCASE_LETTER,
      Character.TITLECASE_LETTER,
      Character.MODIFIER_LETTER,
      Character.OTHER_LETTER
    };
  }

  private static int[] marks() {
    return new int[] {
      Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK
    };
  }

  private static int[] numbers() {
    return new int[] {
      Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER
    };
  }

  private static int[] punctuation() {
    return new int[] {
      Character.CONNECTOR_PUNCTUATION,
      Character.DASH_PUNCTUATION,
      Character.START_PUNCTUATION,
      Character.END_PUNCTUATION,
      Character.INITIAL_QUOTE_PUNCTUATION,
      Character.FINAL_QUOTE_PUNCTUATION,
      Character.OTHER_PUNCTUATION
    };
  }

  private static int[] symbols() {
    return new int[] {
      Character.MATH_SYMBOL,
      Character.CURRENCY_SYMBOL,
      Character.MODIFIER_SYMBOL,
      Character.OTHER_SYMBOL
    };
  }

  private static int[] separators() {
    return new int[] {
      Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR
    };
  }
}
