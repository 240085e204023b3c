package io.yuntai.console.markdown;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** Markdown to HTML. Safe for use by many threads. */
public final class Markdown {
  /** Longer texts are shown as they came. */
  static final int MAX_CHARS = 200_000;

  /** A few characters a row could make very many cells. */
  private static final int MAX_CELLS = 20_000;

  private static final Extension TABLES = TablesExtension.builder().maxCells(MAX_CELLS).build();
  private static final Extension STRIKETHROUGH = StrikethroughExtension.create();

  private static final int MAX_OPEN_BLOCKS = 40;
  private static final int MAX_INLINE_NESTING = 40;

  private final Labels labels;
  private final Parser parser;

  /** For texts with more cells than any table should have. */
  private final Parser withoutTables;

  /**
   * Words on what is made of code.
   *
   * @param copy on the button that copies it
   * @param code what a block of code is called whose language nobody says
   * @param table what a table is called
   */
  public record Labels(String copy, String code, String table) {}

  /** Markdown whose buttons say this. */
  public Markdown(Labels labels) {
    this.labels = labels;
    this.parser = parser(List.of(TABLES, STRIKETHROUGH));
    this.withoutTables = parser(List.of(STRIKETHROUGH));
  }

  private static Parser parser(List<Extension> extensions) {
    return Parser.builder()
        .extensions(extensions)
        .customBlockParserFactory(new MathBlockParser.Factory())
        .customInlineContentParserFactory(new MathInlineParser.Factory())
        .includeSourceSpans(IncludeSourceSpans.BLOCKS)
        .maxOpenBlockParsers(MAX_OPEN_BLOCKS)
        .maxInlineNesting(MAX_INLINE_NESTING)
        .build();
  }

  /** A whole text: each of its blocks as an element {@code <div class="b">}. */
  public String html(String text) {
    StringBuilder html = new StringBuilder();
    for (String block : blocks(text)) {
      html.append("<div class=\"b\">").append(block).append("</div>");
    }
    return html.toString();
  }

  /** The same, each block by itself and without the element around. */
  public List<String> blocks(String text) {
    if (text.length() > MAX_CHARS) {
      return List.of("<pre class=\"plain\">" + Html.escaped(text) + "</pre>");
    }
    List<String> blocks = new ArrayList<>();
    for (Node block : parse(text)) {
      blocks.add(html(block));
    }
    return blocks;
  }

  /** The blocks of the outermost level. */
  List<Node> parse(String text) {
    List<Node> blocks = new ArrayList<>();
    for (Node node = document(text).getFirstChild(); node != null; node = node.getNext()) {
      if (!(node instanceof org.commonmark.node.LinkReferenceDefinition)) {
        blocks.add(node);
      }
    }
    return blocks;
  }

  private Node document(String text) {
    try {
      return parser.parse(text);
    } catch (IllegalArgumentException _) {
      // More cells than that.
      return withoutTables.parse(text);
    }
  }

  String html(Node block) {
    HtmlWriter writer = new HtmlWriter(labels);
    writer.node(block, 0);
    return writer.toString();
  }

  /** A block of code that goes on: without colours, which would change as it grows. */
  String openCode(String info, String code) {
    HtmlWriter writer = new HtmlWriter(labels);
    writer.code(info, code, false);
    return writer.toString();
  }
}
