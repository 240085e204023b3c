package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * A language that an answer is held to. Immutable and independent of any vocabulary; safe for use
 * by many threads.
 */
public final class Grammar {
  private static final int MAX_CHOICES = 10_000;
  private static final int MAX_CHOICE_CHARS = 1_000_000;

  private final Expr root;

  private Grammar(Expr root) {
    this.root = root;
  }

  /**
   * The language of an expression.
   *
   * @throws GrammarException when it is {@link Expr#NOTHING}
   */
  public static Grammar of(Expr root) throws GrammarException {
    if (root.equals(Expr.NOTHING)) {
      throw new GrammarException("", "no text at all satisfies it");
    }
    return new Grammar(root);
  }

  /**
   * The texts that match a regular expression as a whole (ECMA-262's dialect, as {@code
   * docs/structured-output.md} tells).
   *
   * @throws GrammarException when the pattern is wrong, not regular, too large, or matches nothing
   */
  public static Grammar regex(String pattern) throws GrammarException {
    Dfa dfa = Nfa.whole(RegexParser.parse(pattern));
    if (dfa.isEmpty()) {
      throw new GrammarException("", "no text matches the pattern '%s'".formatted(pattern));
    }
    return new Grammar(Expr.text(dfa, Expr.Encoding.RAW));
  }

  /**
   * Exactly one of these texts.
   *
   * @throws GrammarException when there are none or too many, or one is empty
   */
  public static Grammar choice(List<String> texts) throws GrammarException {
    if (texts.isEmpty() || texts.size() > MAX_CHOICES) {
      throw new GrammarException(
          "", "there are %,d choices; 1 to %,d are allowed".formatted(texts.size(), MAX_CHOICES));
    }
    long chars = 0;
    for (String text : texts) {
      chars += text.length();
      if (text.isEmpty()) {
        throw new GrammarException("", "a choice must have at least one character");
      }
    }
    if (chars > MAX_CHOICE_CHARS) {
      throw new GrammarException(
          "", "the choices have more than %,d characters together".formatted(MAX_CHOICE_CHARS));
    }
    return new Grammar(Expr.words(texts));
  }

  /**
   * A grammar in GBNF, llama.cpp's notation, from its rule {@code root}.
   *
   * @throws GrammarException naming the line, or the rule that refers to itself on its left
   */
  public static Grammar gbnf(String source) throws GrammarException {
    return of(GbnfParser.parse(source));
  }

  /**
   * One after the other.
   *
   * @throws GrammarException never for grammars that have texts
   */
  public static Grammar sequence(List<Grammar> parts) throws GrammarException {
    List<Expr> roots = new ArrayList<>();
    parts.forEach(part -> roots.add(part.root));
    return of(Expr.sequence(roots));
  }

  /**
   * Any of these, at least one.
   *
   * @throws GrammarException when there are none
   */
  public static Grammar either(List<Grammar> choices) throws GrammarException {
    List<Expr> roots = new ArrayList<>();
    choices.forEach(choice -> roots.add(choice.root));
    return of(Expr.choice(roots));
  }

  /**
   * The same grammar several times in a row.
   *
   * @param part must not match the empty text
   * @param most at most so often; -1 for any number
   * @throws GrammarException never for grammars that have texts
   */
  public static Grammar repeat(Grammar part, int least, int most) throws GrammarException {
    return of(Expr.repeat(part.root, least, most));
  }

  /** Exactly this text, at least one character. */
  public static Grammar literal(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a literal must have at least one character");
    }
    return new Grammar(Expr.literal(text));
  }

  /**
   * Free text in which some texts never occur.
   *
   * @throws GrammarException when the automaton would be too large
   */
  public static Grammar textWithout(List<String> texts) throws GrammarException {
    Dfa dfa = Dfa.ANYTHING;
    for (String text : texts) {
      dfa = dfa.minus(Nfa.anywhere(Regex.text(text)));
    }
    return of(Expr.text(dfa, Expr.Encoding.RAW));
  }

  /**
   * Free text that may turn, any number of times, into a part with rules of its own: as tool calls
   * do. What begins like {@code begin} is that part and nothing else.
   *
   * @param begin what the parts begin with
   * @param parts all after {@code begin} up to where free text goes on
   * @param least how many such parts there are at least
   * @param most at most; -1 for any number
   * @throws GrammarException when the automaton would be too large
   */
  public static Grammar textWith(String begin, Grammar parts, int least, int most)
      throws GrammarException {
    Expr turn = Expr.sequence(freeBefore(begin, Dfa.ANYTHING), Expr.literal(begin), parts.root);
    return of(Expr.sequence(Expr.repeat(turn, least, most), textWithout(List.of(begin)).root));
  }

  /**
   * The same with at most one such part, and of texts only that do not begin in some way.
   *
   * @param notBeginning a regular expression
   * @throws GrammarException when it is wrong, or the automaton would be too large
   */
  public static Grammar textWithOne(String begin, Grammar parts, String notBeginning)
      throws GrammarException {
    Dfa others = Dfa.ANYTHING.minus(Dfa.containing("^(?:" + notBeginning + ")"));
    Expr last = textWithout(List.of(begin)).root;
    Expr turn = Expr.sequence(freeBefore(begin, others), Expr.literal(begin), parts.root, last);
    Dfa without = others.minus(Nfa.anywhere(Regex.text(begin)));
    return of(Expr.choice(turn, Expr.text(without, Expr.Encoding.RAW)));
  }

  /** Free text that may be followed by a begin: it holds it nowhere but perhaps at its end. */
  private static Expr freeBefore(String begin, Dfa among) throws GrammarException {
    return Expr.text(
        among.minus(Nfa.anywhere(Regex.text(begin))).and(notEndingWithPartOf(begin)),
        Expr.Encoding.RAW);
  }

  /**
   * Texts after which {@code begin} occurs first where it is written: those that, with it, hold it
   * no earlier. Text and begin overlap only where begin has a border.
   */
  private static Dfa notEndingWithPartOf(String begin) throws GrammarException {
    Dfa allowed = Dfa.ANYTHING;
    for (int border = 1; border < begin.length(); border++) {
      if (begin.endsWith(begin.substring(0, border))) {
        // text + begin would hold begin earlier if text ended with begin's first period.
        String period = begin.substring(0, begin.length() - border);
        allowed = allowed.minus(Nfa.anywhere(Regex.sequence(Regex.text(period), Regex.END)));
      }
    }
    return allowed;
  }

  /**
   * How far a text is in the language.
   *
   * @param bytes the whole text
   */
  public Match match(byte[] bytes) {
    StateSpace space = new StateSpace();
    State state = space.before(root, StateSpace.END);
    for (int i = 0; i < bytes.length; i++) {
      State next = space.step(state, bytes[i]);
      if (next == StateSpace.DEAD_END) {
        return new Match(false, i);
      }
      state = next;
    }
    return new Match(state.complete, bytes.length);
  }

  /**
   * What became of a text.
   *
   * @param complete whether it is in the language
   * @param taken how many of its first bytes can begin a text of the language
   */
  public record Match(boolean complete, int taken) {}

  /** Its expression, for grammars made of grammars. */
  public Expr root() {
    return root;
  }
}
