package io.yuntai.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenMasksTest {
  private static final List<String> TEXTS =
      List.of(
          "{\"name\": \"Zoë 𝛼\\n\", \"tags\": [\"a\", \"b\"], \"n\": -12.5e3}",
          "aab abba 漢字かな 🙂🙂 \"\\u00e9\\ud83d\\ude00\" ",
          "((a+b)*(c-d))/[x,y,[z]] 192.168.0.1 2024-02-29T12:00:00Z");

  private final long seed = Long.getLong("yuntai.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  private static Grammar json() throws GrammarException {
    return Grammar.gbnf(
        """
        root   ::= value
        value  ::= object | array | string | number | "true" | "false" | "null"
        object ::= "{" ( pair ( ", " pair )* )? "}"
        pair   ::= string ":" " "? value
        array  ::= "[" ( value ( "," " "? value )* )? "]"
        string ::= "\\"" ( [^"\\\\\\x00-\\x1F] | "\\\\" ( ["\\\\/bfnrt] | "u" [0-9a-fA-F]{4} ) )* "\\""
        number ::= "-"? ( "0" | [1-9] [0-9]* ) ( "." [0-9]+ )? ( [eE] [-+]? [0-9]+ )?
        """);
  }

  private static List<Grammar> grammars() throws GrammarException {
    return List.of(
        json(),
        Grammar.regex("(a|b)*abb"),
        Grammar.regex("[a-z漢字🙂]{2,5}(, [^,]+)?"),
        Grammar.choice(List.of("a", "aab", "aabb", "漢字", "漢")),
        Grammar.of(Expr.sequence(Expr.literal("\""), Expr.text(Dfa.ANYTHING, Expr.Encoding.JSON))),
        Grammar.of(
            Expr.sequence(
                Expr.literal("\""),
                Expr.text(
                    Nfa.anywhere(RegexParser.parse("^(ab|[é🙂\"])+x?$")), Expr.Encoding.JSON))),
        Grammar.of(
            Expr.sequence(
                Expr.literal("\""),
                Expr.text(Dfa.lengthBetween(2, 4), Expr.Encoding.JSON),
                Expr.literal(", ["))),
        Grammar.textWith("((", Grammar.gbnf("root ::= \"a\" root \")\" | \"b\""), 0, -1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void aMaskIsWhatTryingEachTokenGives(int index) throws GrammarException {
    Grammar grammar = grammars().get(index);
    ByteVocabulary vocabulary = new ByteVocabulary(random, 1200, TEXTS);
    TokenMasks masks = TokenMasks.of(vocabulary);
    TokenState start = masks.start(grammar);
    long[] mask = new long[masks.words()];
    for (int text = 0; text < 20; text++) {
      TokenState state = start;
      for (int step = 0; step < 40 && !state.isFinal(); step++) {
        state.mask(mask);
        List<Integer> allowed = new ArrayList<>();
        for (int id = 0; id < vocabulary.vocabularySize(); id++) {
          boolean inMask = (mask[id >> 6] >> id & 1) != 0;
          assertThat(inMask)
              .as("seed %d, grammar %d, token %d after step %d", seed, index, id, step)
              .isEqualTo(state.allows(id));
          if (inMask && !vocabulary.isEndOfGeneration(id)) {
            allowed.add(id);
          }
        }
        assertThat(allowed).as("seed %d: never a dead end", seed).isNotEmpty();
        state = state.accept(allowed.get(random.nextInt(allowed.size())));
      }
    }
  }

  @Test
  void aTextIsTakenHoweverItIsCut() throws GrammarException {
    ByteVocabulary vocabulary = new ByteVocabulary(random, 1200, TEXTS);
    TokenMasks masks = TokenMasks.of(vocabulary);
    TokenState start = masks.start(json());
    byte[] text = "{\"Zoë 𝛼\": [1, -2.5e3,\"漢\\u00e9🙂\", {}]}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 50; i++) {
      TokenState state = start;
      for (int id : vocabulary.cut(text, random)) {
        assertThat(state.allows(id)).as("seed %d", seed).isTrue();
        assertThat(state.isComplete()).isFalse();
        state = state.accept(id);
      }
      assertThat(state.isComplete()).as("seed %d", seed).isTrue();
      assertThat(state.isFinal()).isTrue();
    }
  }

  @Test
  void whatTheGrammarForbidsIsRefused() throws GrammarException {
    ByteVocabulary vocabulary = new ByteVocabulary(random, 300, TEXTS);
    TokenState start = TokenMasks.of(vocabulary).start(Grammar.regex("ab"));
    assertThat(start.allows('b')).isFalse();
    assertThat(start.allows(vocabulary.end())).isFalse();
    assertThatThrownBy(() -> start.accept('b')).isInstanceOf(IllegalArgumentException.class);
    TokenState end = start.accept('a').accept('b');
    assertThat(end.allows(vocabulary.end())).isTrue();
    assertThat(end.accept(vocabulary.end())).isEqualTo(end);
  }

  @Test
  void whatIsSureToFollowIsProposedInLongTokens() throws GrammarException {
    ByteVocabulary vocabulary = new ByteVocabulary(random, 600, List.of("\"name\": \"value\""));
    TokenState start =
        TokenMasks.of(vocabulary)
            .start(
                Grammar.sequence(List.of(Grammar.literal("{\"name\": "), Grammar.regex("[0-9]+"))));
    int[] sure = start.sureTokens(15);
    assertThat(sure).isNotEmpty();
    assertThat("{\"name\": ").startsWith(vocabulary.decode(sure, false));
    TokenState state = start;
    for (int id : sure) {
      state = state.accept(id);
    }
  }
}
