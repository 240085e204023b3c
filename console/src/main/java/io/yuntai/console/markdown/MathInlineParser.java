package io.yuntai.console.markdown;

import java.util.Set;
import org.commonmark.node.CustomNode;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;

/** Formulas within a line: {@code $x$}, {@code $$x$$}, {@code \(x\)} and {@code \[x\]}. */
final class MathInlineParser implements InlineContentParser {
  private static final int MAX_CHARS = 2_000;

  /** Looking for an end that is not there takes long when it is done for each of very many. */
  private static final int MAX_FAILURES = 20;

  private int failures;

  /** A formula. */
  static final class Formula extends CustomNode {
    private final String html;

    Formula(String html) {
      this.html = html;
    }

    String html() {
      return html;
    }
  }

  /** Makes one for each text. */
  static final class Factory implements InlineContentParserFactory {
    @Override
    public Set<Character> getTriggerCharacters() {
      return Set.of('$', '\\');
    }

    @Override
    public InlineContentParser create() {
      return new MathInlineParser();
    }
  }

  @Override
  public ParsedInline tryParse(InlineParserState state) {
    Scanner scanner = state.scanner();
    if (failures > MAX_FAILURES) {
      return ParsedInline.none();
    }
    if (scanner.next("$$")) {
      return upTo(scanner, "$$", true);
    }
    if (scanner.next("\\(")) {
      return upTo(scanner, "\\)", false);
    }
    if (scanner.next("\\[")) {
      return upTo(scanner, "\\]", true);
    }
    boolean word = Character.isLetterOrDigit(scanner.peekPreviousCodePoint());
    return scanner.next('$') && !word && !Character.isWhitespace(scanner.peek())
        ? upTo(scanner, "$", false)
        : ParsedInline.none();
  }

  private ParsedInline upTo(Scanner scanner, String end, boolean display) {
    Position begin = scanner.position();
    StringBuilder formula = new StringBuilder();
    while (scanner.hasNext() && formula.length() < MAX_CHARS) {
      Position here = scanner.position();
      char before = formula.isEmpty() ? ' ' : formula.charAt(formula.length() - 1);
      if (scanner.next(end)) {
        boolean money =
            end.equals("$") && (Character.isWhitespace(before) || isDigit(scanner.peek()));
        if (formula.toString().isBlank() || money) {
          return ParsedInline.none();
        }
        String html = MathMl.html(formula.toString(), display);
        return ParsedInline.of(new Formula(html), scanner.position());
      }
      scanner.setPosition(here);
      char c = scanner.peek();
      formula.append(c);
      scanner.next();
      if (c == '\\' && scanner.hasNext()) {
        formula.append(scanner.peek());
        scanner.next();
      }
    }
    failures++;
    scanner.setPosition(begin);
    return ParsedInline.none();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
