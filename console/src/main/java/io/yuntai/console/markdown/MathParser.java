package io.yuntai.console.markdown;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a formula and writes its MathML. For one thread. */
final class MathParser {
  private static final int MAX_DEPTH = 40;

  private static final Map<String, MathAlphabet> ALPHABETS =
      Map.ofEntries(
          Map.entry("mathbb", MathAlphabet.DOUBLE),
          Map.entry("mathbf", MathAlphabet.BOLD),
          Map.entry("boldsymbol", MathAlphabet.BOLD),
          Map.entry("bm", MathAlphabet.BOLD),
          Map.entry("mathcal", MathAlphabet.SCRIPT),
          Map.entry("mathscr", MathAlphabet.SCRIPT),
          Map.entry("mathfrak", MathAlphabet.FRAKTUR),
          Map.entry("mathsf", MathAlphabet.SANS),
          Map.entry("mathtt", MathAlphabet.MONO),
          Map.entry("mathrm", MathAlphabet.UPRIGHT),
          Map.entry("mathnormal", MathAlphabet.NORMAL),
          Map.entry("mathit", MathAlphabet.NORMAL));

  private static final Set<String> TEXTS =
      Set.of("text", "textrm", "textbf", "textit", "texttt", "textsf", "mbox", "hbox");

  /** What only says how something is set. */
  private static final Set<String> IGNORED =
      Set.of(
          "displaystyle",
          "textstyle",
          "scriptstyle",
          "limits",
          "nolimits",
          "nonumber",
          "notag",
          "hline",
          "middle",
          "strut",
          "centering");

  private static final Set<String> SIZES =
      Set.of(
          "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr", "biggr",
          "Biggr", "bigm", "Bigm");

  private final MathLexer lexer;
  private final boolean display;
  private int depth;
  private MathAlphabet alphabet = MathAlphabet.NORMAL;

  private MathParser(String source, boolean display) {
    this.lexer = new MathLexer(source);
    this.display = display;
  }

  /** The inside of a formula; empty where it is not understood. */
  static Optional<String> parse(String source, boolean display) {
    try {
      MathParser parser = new MathParser(source, display);
      String body = parser.row(Set.of());
      return parser.lexer.peek().equals(MathLexer.END) ? Optional.of(body) : Optional.empty();
    } catch (MathSyntaxException _) {
      return Optional.empty();
    }
  }

  private String row(Set<String> ends) {
    StringBuilder out = new StringBuilder();
    while (!lexer.peek().equals(MathLexer.END) && !ends.contains(lexer.peek())) {
      if (lexer.peek().equals("}") || lexer.peek().equals("&") || lexer.peek().equals("\\\\")) {
        if (ends.isEmpty() && !lexer.peek().equals("}")) {
          // Lines and columns without an environment around them.
          lexer.next();
          continue;
        }
        throw new MathSyntaxException("a sign too many");
      }
      out.append(scripted());
    }
    return out.toString();
  }

  /** An atom with what stands above and below it. */
  private String scripted() {
    if (++depth > MAX_DEPTH) {
      throw new MathSyntaxException("too deep");
    }
    String command = lexer.peek();
    boolean limits = display && isLimited(command);
    String base =
        command.equals("^") || command.equals("_") || command.equals("'")
            ? "<mrow></mrow>"
            : atom();
    while (IGNORED.contains(name(lexer.peek()))) {
      lexer.next();
    }
    StringBuilder above = new StringBuilder();
    String below = "";
    while (true) {
      if (lexer.take("'")) {
        above.append("<mo>′</mo>");
      } else if (lexer.take("^")) {
        above.append(argument());
      } else if (lexer.take("_")) {
        below += argument();
      } else {
        break;
      }
    }
    depth--;
    String up = above.toString();
    if (up.isEmpty() && below.isEmpty()) {
      return base;
    }
    if (up.isEmpty()) {
      return element(limits ? "munder" : "msub", base, grouped(below));
    }
    if (below.isEmpty()) {
      return element(limits ? "mover" : "msup", base, grouped(up));
    }
    return element(limits ? "munderover" : "msubsup", base, grouped(below), grouped(up));
  }

  private static boolean isLimited(String command) {
    String name = name(command);
    return MathSymbols.LIMITS.contains(name)
        || (MathSymbols.LARGE.containsKey(name) && !name.contains("int"))
        || name.equals("underbrace")
        || name.equals("overbrace")
        || name.equals("operatorname*");
  }

  private static String name(String token) {
    return token.startsWith("\\") ? token.substring(1) : "";
  }

  private static String grouped(String inner) {
    return "<mrow>" + inner + "</mrow>";
  }

  private static String element(String name, String... children) {
    return "<" + name + ">" + String.join("", children) + "</" + name + ">";
  }

  /** A group in braces, or what stands there by itself. */
  private String argument() {
    if (lexer.peek().equals("{")) {
      return atom();
    }
    if (lexer.peek().matches("[0-9]")) {
      return "<mn>" + Html.escaped(lexer.next()) + "</mn>";
    }
    return atom();
  }

  private String atom() {
    if (++depth > MAX_DEPTH) {
      throw new MathSyntaxException("too deep");
    }
    String token = lexer.next();
    String out =
        switch (token) {
          case MathLexer.END, "}", "&", "\\\\" -> throw new MathSyntaxException("an end too soon");
          case "{" -> {
            MathAlphabet outer = alphabet;
            String inner = row(Set.of("}"));
            alphabet = outer;
            expect("}");
            yield grouped(inner);
          }
          default -> MathSymbols.SPACES.containsKey(token) ? space(token) : plain(token);
        };
    depth--;
    return out;
  }

  private void expect(String token) {
    if (!lexer.take(token)) {
      throw new MathSyntaxException("not closed");
    }
  }

  private static String space(String token) {
    String width = MathSymbols.SPACES.get(token);
    return "<mspace width=\"" + width + "em\"></mspace>";
  }

  private String plain(String token) {
    if (token.startsWith("\\")) {
      return command(name(token));
    }
    char c = token.charAt(0);
    if (c >= '0' && c <= '9') {
      return "<mn>" + Html.escaped(alphabet.of(lexer.number(token))) + "</mn>";
    }
    if (Character.isLetter(token.codePointAt(0))) {
      return letter(token);
    }
    String sign = c == '-' ? "−" : c == '*' ? "∗" : token;
    return "<mo>" + Html.escaped(sign) + "</mo>";
  }

  private String letter(String text) {
    String upright = alphabet == MathAlphabet.UPRIGHT ? " mathvariant=\"normal\"" : "";
    return "<mi" + upright + ">" + Html.escaped(alphabet.of(text)) + "</mi>";
  }

  private String command(String name) {
    if (TEXTS.contains(name)) {
      return "<mtext>" + Html.escaped(text()) + "</mtext>";
    }
    if (MathSymbols.LETTERS.containsKey(name)) {
      return "<mi>" + MathSymbols.LETTERS.get(name) + "</mi>";
    }
    if (MathSymbols.OPERATORS.containsKey(name)) {
      return "<mo>" + MathSymbols.OPERATORS.get(name) + "</mo>";
    }
    if (MathSymbols.LARGE.containsKey(name)) {
      return "<mo>" + MathSymbols.LARGE.get(name) + "</mo>";
    }
    if (MathSymbols.DELIMITERS.containsKey(name)) {
      return "<mo stretchy=\"false\">" + MathSymbols.DELIMITERS.get(name) + "</mo>";
    }
    if (MathSymbols.FUNCTIONS.contains(name) || MathSymbols.LIMITS.contains(name)) {
      return "<mi>" + name + "</mi>";
    }
    if (MathSymbols.ACCENTS.containsKey(name)) {
      return "<mover accent=\"true\">" + over(MathSymbols.ACCENTS.get(name)) + "</mover>";
    }
    if (MathSymbols.BELOW.containsKey(name)) {
      return "<munder>" + over(MathSymbols.BELOW.get(name)) + "</munder>";
    }
    if (ALPHABETS.containsKey(name)) {
      return in(ALPHABETS.getOrDefault(name, MathAlphabet.NORMAL));
    }
    if (IGNORED.contains(name)) {
      return "";
    }
    if (SIZES.contains(name)) {
      return "<mo>" + Html.escaped(delimiter()) + "</mo>";
    }
    return structure(name);
  }

  private String over(@org.jspecify.annotations.Nullable String sign) {
    return argument() + "<mo>" + Html.escaped(sign == null ? "" : sign) + "</mo>";
  }

  private String in(MathAlphabet wanted) {
    MathAlphabet outer = alphabet;
    alphabet = wanted;
    String inner = argument();
    alphabet = outer;
    return inner;
  }

  private String text() {
    if (!lexer.peek().equals("{")) {
      return lexer.next();
    }
    return lexer
        .group()
        .replace("\\$", "$")
        .replace("\\%", "%")
        .replace("\\_", "_")
        .replace(' ', '\u00A0');
  }

  private String structure(String name) {
    return switch (name) {
      case "frac", "dfrac", "tfrac", "cfrac" -> element("mfrac", argument(), argument());
      case "binom", "dbinom", "tbinom" ->
          "<mrow><mo>(</mo><mfrac linethickness=\"0\">"
              + argument()
              + argument()
              + "</mfrac><mo>)</mo></mrow>";
      case "sqrt" -> root();
      case "left" -> fenced();
      case "begin" -> new MathTable(lexer, this::row).read();
      case "operatorname", "operatorname*" -> "<mi>" + Html.escaped(text()) + "</mi>";
      case "overset", "stackrel" -> {
        String above = argument();
        yield element("mover", argument(), above);
      }
      case "underset" -> {
        String below = argument();
        yield element("munder", argument(), below);
      }
      case "boxed" -> "<mrow class=\"boxed\">" + argument() + "</mrow>";
      case "not" -> struck(atom());
      case "bmod", "mod" -> "<mo>mod</mo>";
      case "pmod" -> "<mrow><mo>(</mo><mo>mod</mo>" + argument() + "<mo>)</mo></mrow>";
      case "tag", "tag*" ->
          "<mspace width=\"2em\"></mspace><mtext>(" + Html.escaped(text()) + ")</mtext>";
      case "label", "color" -> {
        text();
        yield "";
      }
      case "textcolor" -> {
        text();
        yield argument();
      }
      case "phantom" -> "<mphantom>" + argument() + "</mphantom>";
      case "{", "}", "%", "$", "#", "_", "&" ->
          "<mo stretchy=\"false\">" + Html.escaped(name) + "</mo>";
      case "|" -> "<mo stretchy=\"false\">‖</mo>";
      case "limits" -> "";
      default -> throw new MathSyntaxException(name);
    };
  }

  /** With the combining stroke behind the sign. */
  private static String struck(String element) {
    int end = element.indexOf("</");
    return end < 0 ? element : element.substring(0, end) + '\u0338' + element.substring(end);
  }

  private String root() {
    if (lexer.take("[")) {
      String index = row(Set.of("]"));
      expect("]");
      return element("mroot", argument(), grouped(index));
    }
    return element("msqrt", argument());
  }

  private String fenced() {
    String open = delimiter();
    String inner = row(Set.of("\\right"));
    expect("\\right");
    return "<mrow>" + fence(open) + inner + fence(delimiter()) + "</mrow>";
  }

  private static String fence(String sign) {
    return sign.isEmpty() ? "" : "<mo stretchy=\"true\">" + Html.escaped(sign) + "</mo>";
  }

  private String delimiter() {
    String token = lexer.next();
    String name = name(token);
    if (token.equals(".")) {
      return "";
    }
    if (MathSymbols.DELIMITERS.containsKey(name)) {
      return MathSymbols.DELIMITERS.getOrDefault(name, "");
    }
    if (MathSymbols.OPERATORS.containsKey(name)) {
      return MathSymbols.OPERATORS.getOrDefault(name, "");
    }
    return switch (token) {
      case "\\{" -> "{";
      case "\\}" -> "}";
      case "\\|" -> "‖";
      case "<" -> "⟨";
      case ">" -> "⟩";
      case "(", ")", "[", "]", "|", "/" -> token;
      default -> throw new MathSyntaxException("no delimiter");
    };
  }
}
