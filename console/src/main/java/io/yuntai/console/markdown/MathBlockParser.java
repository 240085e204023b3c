package io.yuntai.console.markdown;

import org.commonmark.node.Block;
import org.commonmark.node.CustomBlock;
import org.commonmark.parser.SourceLine;
import org.commonmark.parser.block.AbstractBlockParser;
import org.commonmark.parser.block.AbstractBlockParserFactory;
import org.commonmark.parser.block.BlockContinue;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;

/**
 * A formula in lines of its own, between {@code $$} and {@code $$} or {@code \[} and {@code \]}. It
 * ends at an empty line, so that one that is never closed does not swallow what follows.
 */
final class MathBlockParser extends AbstractBlockParser {
  private final MathBlock block = new MathBlock();
  private final StringBuilder formula = new StringBuilder();
  private final String open;
  private final String close;
  private boolean first = true;
  private boolean closed;

  private MathBlockParser(String open, String close) {
    this.open = open;
    this.close = close;
  }

  /** A formula. */
  static final class MathBlock extends CustomBlock {
    private String html = "";

    String html() {
      return html;
    }
  }

  /** Looks for where one begins. */
  static final class Factory extends AbstractBlockParserFactory {
    @Override
    public BlockStart tryStart(ParserState state, MatchedBlockParser matched) {
      if (state.getIndent() >= 4) {
        return BlockStart.none();
      }
      CharSequence line = state.getLine().getContent();
      String rest =
          line.subSequence(state.getNextNonSpaceIndex(), line.length()).toString().stripTrailing();
      if (begins(rest, "$$", "$$")) {
        return BlockStart.of(new MathBlockParser("$$", "$$")).atIndex(state.getNextNonSpaceIndex());
      }
      if (begins(rest, "\\[", "\\]")) {
        return BlockStart.of(new MathBlockParser("\\[", "\\]"))
            .atIndex(state.getNextNonSpaceIndex());
      }
      return BlockStart.none();
    }

    /** What is closed in the middle of the line is a formula within a paragraph. */
    private static boolean begins(String line, String open, String close) {
      if (!line.startsWith(open)) {
        return false;
      }
      int end = line.indexOf(close, open.length());
      return end < 0 || end == line.length() - close.length();
    }
  }

  @Override
  public Block getBlock() {
    return block;
  }

  @Override
  public BlockContinue tryContinue(ParserState state) {
    return closed || state.isBlank()
        ? BlockContinue.none()
        : BlockContinue.atIndex(state.getIndex());
  }

  @Override
  public void addLine(SourceLine line) {
    String text = line.getContent().toString();
    String rest = first ? text.strip().substring(open.length()) : text;
    first = false;
    int end = rest.indexOf(close);
    closed = end >= 0;
    formula.append(closed ? rest.substring(0, end) : rest).append('\n');
  }

  @Override
  public void closeBlock() {
    block.html =
        closed
            ? "<p>" + MathMl.html(formula.toString(), true) + "</p>"
            : "<p class=\"plain\">" + Html.escaped(open + formula) + "</p>";
  }
}
