package io.yuntai.console.markdown;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Matrices, cases and aligned lines. */
final class MathTable {
  private static final int MAX_CELLS = 400;
  private static final Set<String> ENDS = Set.of("&", "\\\\", "\\end");

  private record Kind(String open, String close, String columns) {}

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("matrix", new Kind("", "", "")),
          Map.entry("smallmatrix", new Kind("", "", "")),
          Map.entry("pmatrix", new Kind("(", ")", "")),
          Map.entry("bmatrix", new Kind("[", "]", "")),
          Map.entry("Bmatrix", new Kind("{", "}", "")),
          Map.entry("vmatrix", new Kind("|", "|", "")),
          Map.entry("Vmatrix", new Kind("‖", "‖", "")),
          Map.entry("cases", new Kind("{", "", "left")),
          Map.entry("array", new Kind("", "", "")),
          Map.entry("aligned", new Kind("", "", "aligned")),
          Map.entry("align", new Kind("", "", "aligned")),
          Map.entry("alignat", new Kind("", "", "aligned")),
          Map.entry("eqnarray", new Kind("", "", "aligned")),
          Map.entry("split", new Kind("", "", "aligned")),
          Map.entry("gather", new Kind("", "", "")),
          Map.entry("gathered", new Kind("", "", "")),
          Map.entry("multline", new Kind("", "", "")),
          Map.entry("equation", new Kind("", "", "")));

  private final MathLexer lexer;
  private final Function<Set<String>, String> row;

  /**
   * @param row reads up to one of some tokens
   */
  MathTable(MathLexer lexer, Function<Set<String>, String> row) {
    this.lexer = lexer;
    this.row = row;
  }

  /** Reads from behind {@code \begin}. */
  String read() {
    String name = name();
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw new MathSyntaxException(name);
    }
    if (name.equals("array") && lexer.peek().equals("{")) {
      lexer.group();
    }
    StringBuilder rows = new StringBuilder("<mtr><mtd>");
    int cells = 1;
    while (true) {
      rows.append(row.apply(ENDS));
      String end = lexer.next();
      if (end.equals("\\end") || end.equals(MathLexer.END)) {
        break;
      }
      if (++cells > MAX_CELLS) {
        throw new MathSyntaxException("too many cells");
      }
      rows.append(end.equals("&") ? "</mtd><mtd>" : "</mtd></mtr><mtr><mtd>");
    }
    if (!name().equals(name)) {
      throw new MathSyntaxException("another end");
    }
    String columns = kind.columns().isEmpty() ? "" : " class=\"" + kind.columns() + "\"";
    return "<mrow>"
        + fence(kind.open())
        + "<mtable"
        + columns
        + ">"
        + rows
        + "</mtd></mtr></mtable>"
        + fence(kind.close())
        + "</mrow>";
  }

  private String name() {
    if (!lexer.peek().equals("{")) {
      throw new MathSyntaxException("no name");
    }
    String name = lexer.group().strip();
    return name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
  }

  private static String fence(String sign) {
    return sign.isEmpty() ? "" : "<mo stretchy=\"true\">" + sign + "</mo>";
  }
}
