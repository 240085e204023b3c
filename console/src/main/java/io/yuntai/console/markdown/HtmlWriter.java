package io.yuntai.console.markdown;

import java.util.Locale;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;

/** Writes parsed Markdown. For one thread. */
final class HtmlWriter {
  /** Deeper than the parser nests, blocks and inlines together. */
  private static final int MAX_DEPTH = 200;

  private static final int MAX_URL_CHARS = 2_000;

  private final Html out = new Html();
  private final Markdown.Labels labels;

  HtmlWriter(Markdown.Labels labels) {
    this.labels = labels;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  void node(Node node, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    switch (node) {
      case Paragraph paragraph -> paragraph(paragraph, depth);
      case Heading heading -> {
        // A message is below the page's own headings.
        String name = "h" + Math.min(6, heading.getLevel() + 2);
        wrap(name, heading, depth);
      }
      case BlockQuote quote -> wrap("blockquote", quote, depth);
      case BulletList list -> wrap("ul", list, depth);
      case OrderedList list -> ordered(list, depth);
      case ListItem item -> wrap("li", item, depth);
      case FencedCodeBlock code -> code(code.getInfo(), code.getLiteral(), true);
      case IndentedCodeBlock code -> code("", code.getLiteral(), true);
      case HtmlBlock html -> out.raw("<p>").text(html.getLiteral()).raw("</p>");
      case ThematicBreak _ -> out.raw("<hr>");
      case TableBlock table -> table(table, depth);
      case MathBlockParser.MathBlock math -> out.raw(math.html());
      case Text text -> BareLinks.write(text.getLiteral(), isInLink(text), out);
      case SoftLineBreak _ -> out.raw("\n");
      case HardLineBreak _ -> out.raw("<br>");
      case Emphasis emphasis -> wrap("em", emphasis, depth);
      case StrongEmphasis strong -> wrap("strong", strong, depth);
      case Strikethrough struck -> wrap("del", struck, depth);
      case Code code -> out.raw("<code>").text(code.getLiteral()).raw("</code>");
      case HtmlInline html -> out.text(html.getLiteral());
      case Link link -> link(link, link.getDestination(), depth);
      case Image image -> link(image, image.getDestination(), depth);
      case MathInlineParser.Formula formula -> out.raw(formula.html());
      case LinkReferenceDefinition _ -> {}
      default -> children(node, depth);
    }
  }

  private void children(Node node, int depth) {
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      node(child, depth + 1);
    }
  }

  private void wrap(String name, Node node, int depth) {
    out.raw("<").raw(name).raw(">");
    children(node, depth);
    out.raw("</").raw(name).raw(">");
  }

  private void paragraph(Paragraph paragraph, int depth) {
    boolean tight =
        paragraph.getParent() instanceof ListItem item
            && item.getParent() instanceof ListBlock list
            && list.isTight();
    if (tight) {
      children(paragraph, depth);
      if (paragraph.getNext() != null) {
        out.raw(" ");
      }
    } else {
      wrap("p", paragraph, depth);
    }
  }

  private void ordered(OrderedList list, int depth) {
    Integer start = list.getMarkerStartNumber();
    out.raw(start == null || start == 1 ? "<ol>" : "<ol start=\"" + start + "\">");
    children(list, depth);
    out.raw("</ol>");
  }

  /** A block of code with its language and a button that copies it. */
  void code(String info, String code, boolean coloured) {
    String language = info.strip().split("[\\s{]", 2)[0].toLowerCase(Locale.ROOT);
    String shown = language.length() > 30 ? language.substring(0, 30) : language;
    String name = shown.isEmpty() ? labels.code() : shown;
    out.raw("<figure class=\"code\"><figcaption><span>").text(name);
    out.raw("</span><button type=\"button\" class=\"copy-code\">").text(labels.copy());
    out.raw("</button></figcaption><pre tabindex=\"0\"><code>");
    if (coloured) {
      CodeColours.write(language, code, out);
    } else {
      out.text(code);
    }
    out.raw("</code></pre></figure>");
  }

  private void table(TableBlock table, int depth) {
    out.raw("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"")
        .text(labels.table());
    out.raw("\"><table>");
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      String name = part instanceof TableHead ? "thead" : "tbody";
      if (part instanceof TableHead || part instanceof TableBody) {
        out.raw("<").raw(name).raw(">");
        for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
          row(row, depth + 3);
        }
        out.raw("</").raw(name).raw(">");
      }
    }
    out.raw("</table></div>");
  }

  private void row(Node row, int depth) {
    if (!(row instanceof TableRow)) {
      return;
    }
    out.raw("<tr>");
    for (Node node = row.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof TableCell cell) {
        String name = cell.isHeader() ? "th" : "td";
        TableCell.Alignment alignment = cell.getAlignment();
        out.raw("<").raw(name);
        if (cell.isHeader()) {
          out.raw(" scope=\"col\"");
        }
        if (alignment == TableCell.Alignment.RIGHT) {
          out.raw(" class=\"end\"");
        } else if (alignment == TableCell.Alignment.CENTER) {
          out.raw(" class=\"mid\"");
        }
        out.raw(">");
        children(cell, depth);
        out.raw("</").raw(name).raw(">");
      }
    }
    out.raw("</tr>");
  }

  private void link(Node link, String destination, int depth) {
    boolean leads = isHarmless(destination) && !isInLink(link);
    if (leads) {
      openLink(destination, out);
    }
    int before = out.length();
    children(link, depth);
    if (out.length() == before) {
      out.text(destination);
    }
    if (leads) {
      out.raw("</a>");
    }
  }

  static void openLink(String destination, Html out) {
    out.raw("<a rel=\"noopener noreferrer nofollow\" target=\"_blank\" href=\"");
    out.text(destination).raw("\">");
  }

  private static boolean isInLink(Node node) {
    for (Node above = node.getParent(); above != null; above = above.getParent()) {
      if (above instanceof Link || above instanceof Image) {
        return true;
      }
    }
    return false;
  }

  /** Whether an address leads somewhere and does nothing. */
  static boolean isHarmless(String destination) {
    String start =
        destination.substring(0, Math.min(8, destination.length())).toLowerCase(Locale.ROOT);
    return destination.length() <= MAX_URL_CHARS
        && destination.chars().allMatch(c -> c > ' ' && c != 0x7F)
        && (start.startsWith("https://")
            || start.startsWith("http://")
            || start.startsWith("mailto:"));
  }
}
