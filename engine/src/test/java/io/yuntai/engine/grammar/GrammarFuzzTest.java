package io.yuntai.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Regular expressions and grammars from strangers: a grammar or a sentence, never anything else.
 * The timeouts catch what does not end; nothing is measured by them.
 */
class GrammarFuzzTest {
  private static final int TRIALS = Integer.getInteger("yuntai.trials", 800);
  private static final List<String> PATTERNS =
      List.of(
          "^(a|b)*abb$",
          "[a-zé]{2,5}(, [^,]+)?",
          "(?:\\d{1,3}\\.){3}\\d{1,3}",
          "\\p{L}+\\u{1F600}[\\w\\-]*?",
          "(?<name>x|y)+\\x41\\cA$|^",
          "((a?){20}b{3,}){0,7}");
  private static final List<String> GRAMMARS =
      List.of(
          "root ::= \"(\" root \")\" | [a-z]+ # comment\n",
          "root ::= item (\",\" item){0,3}\nitem ::= [^,\\n]{1,5} | \"\\\"\" .* \"\\\"\"\n",
          "root ::= a b?\na ::= \"x\" a | \"\\x41\\u00e9\"\nb ::= (a | \"y\")+ | [\\U0001F600-\\U0001F64F]");
  private static final String PIECES = "()[]{}*+?|^$.\\,-:=\"#\n 0123456789adpuxUw<>é😀";

  private final long seed = Long.getLong("yuntai.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  private interface Compiler {
    Grammar compile(String source) throws GrammarException;
  }

  @Test
  @Timeout(120)
  void damagedPatternsAreCompiledOrRefused() {
    fuzz(PATTERNS, Grammar::regex);
  }

  @Test
  @Timeout(120)
  void damagedGrammarsAreCompiledOrRefused() {
    fuzz(GRAMMARS, Grammar::gbnf);
  }

  /** Every beginning of a grammar is one that somebody is still typing. */
  @Test
  void everyBeginningOfAGrammarIsCompiledOrRefused() {
    for (String source : GRAMMARS) {
      for (int end = 0; end < source.length(); end++) {
        String beginning = source.substring(0, end);
        try {
          Grammar.gbnf(beginning);
        } catch (GrammarException e) {
          assertThat(e.sentence()).as(beginning).isNotBlank();
        }
      }
    }
  }

  /** What a damaged source generates, it takes when it is read again. */
  private void fuzz(List<String> sources, Compiler compiler) {
    int compiled = 0;
    for (int i = 0; i < TRIALS; i++) {
      String source = damaged(sources.get(random.nextInt(sources.size())));
      try {
        Grammar grammar = compiler.compile(source);
        compiled++;
        String text = RandomTexts.of(grammar, random, 60);
        if (text != null) {
          assertThat(grammar.match(text.getBytes(StandardCharsets.UTF_8)).complete())
              .as("-Dyuntai.seed=%d: %s and %s", seed, source, text)
              .isTrue();
        }
      } catch (GrammarException e) {
        assertThat(e.sentence()).as("-Dyuntai.seed=%d: %s", seed, source).isNotBlank();
      } catch (GrammarLimitException e) {
        assertThat(e.getMessage()).as("-Dyuntai.seed=%d: %s", seed, source).isNotBlank();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("-Dyuntai.seed=%d: %s".formatted(seed, source), e);
      }
    }
    assertThat(compiled).as("-Dyuntai.seed=%d", seed).isPositive();
  }

  private String damaged(String source) {
    StringBuilder text = new StringBuilder(source);
    for (int edits = random.nextInt(4); edits >= 0; edits--) {
      int at = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), at + random.nextInt(4));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
        case 2 -> text.insert(at, source, 0, random.nextInt(source.length()));
        default -> text.insert(at, text.substring(at, to).repeat(random.nextInt(3)));
      }
    }
    return text.isEmpty() ? "root" : text.toString();
  }

  /** Small sources of huge automata: refused in bounded time and memory, and the bound is named. */
  @Test
  @Timeout(120)
  void whatExplodesIsRefusedByItsBound() {
    List<String> patterns = new ArrayList<>();
    patterns.add("(a|b)*a(a|b){40}");
    patterns.add("(a|b)*a(a|b){9000}");
    patterns.add(".*".repeat(3000) + "x{9000}");
    patterns.add("((((.{0,99}){0,99}){0,99}){0,99}){0,99}");
    patterns.add(distinct("", 15_000));
    patterns.add(distinct("^", 6000));
    patterns.add("(\\p{L}|\\p{N}){0,10000}(\\p{Lu}\\p{Ll}){0,4000}");
    for (String pattern : patterns) {
      try {
        Grammar grammar = Grammar.regex(pattern);
        assertThat(grammar.match(new byte[] {'?'}).taken()).isBetween(0, 1);
      } catch (GrammarException e) {
        assertThat(e.sentence()).containsPattern("[0-9]");
      }
    }
    String wide =
        "root ::= " + "x ".repeat(9000) + "\nx ::= " + "y ".repeat(9000) + "\ny ::= \"a\"";
    assertThatThrownBy(() -> Grammar.gbnf(wide)).isInstanceOf(GrammarException.class);
  }

  /** Sets of one character each, all different. */
  private static String distinct(String before, int count) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; pattern.length() < 19_900 && i < count; i++) {
      String set = "[" + before + Character.toString(0x4E00 + i) + "]";
      pattern.append(before.isEmpty() ? Character.toString(0x4E00 + i) : set);
    }
    return pattern.toString();
  }

  @Test
  void deepNestingIsRefused() {
    for (int depth : new int[] {150, 5000}) {
      String nested = "(".repeat(depth) + "a" + ")".repeat(depth);
      assertThatThrownBy(() -> Grammar.regex(nested)).hasMessageContaining("nested");
      assertThatThrownBy(() -> Grammar.gbnf("root ::= " + nested.replace("a", "\"a\"")))
          .hasMessageContaining("nested");
    }
    String quantified = "root ::= \"a\"" + "*".repeat(100_000);
    assertThatThrownBy(() -> Grammar.gbnf(quantified)).isInstanceOf(GrammarException.class);
  }

  /** Chains of rules as long as there may be, each with two references. */
  @Test
  @Timeout(60)
  void manyRulesAreReadOrRefused() {
    StringBuilder doubling = new StringBuilder("root ::= r0\n");
    StringBuilder recursive = new StringBuilder("root ::= r0\n");
    for (int i : IntStream.range(0, 998).toArray()) {
      String next = i == 997 ? "\"a\"" : "r" + (i + 1);
      doubling.append("r%d ::= %s %s\n".formatted(i, next, next));
      recursive.append("r%d ::= \"x\" %s root | %s\n".formatted(i, next, next));
    }
    assertThatThrownBy(() -> Grammar.gbnf(doubling.toString()))
        .isInstanceOf(GrammarException.class);
    try {
      Grammar.gbnf(recursive.toString()).match("xxx".getBytes(StandardCharsets.UTF_8));
    } catch (GrammarException e) {
      assertThat(e.sentence()).isNotBlank();
    } catch (GrammarLimitException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
