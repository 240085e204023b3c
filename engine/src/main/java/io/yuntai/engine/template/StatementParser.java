package io.yuntai.engine.template;

import io.yuntai.engine.template.Statement.Branch;
import io.yuntai.engine.template.Statement.Signature;
import io.yuntai.engine.template.Statement.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses a template's blocks. */
final class StatementParser {
  private static final Set<String> REFUSED =
      Set.of("include", "import", "from", "extends", "block", "do", "autoescape", "trans");

  private final TokenStream tokens;

  /** Names read since the innermost macro began. */
  private final Set<String> namesRead = new HashSet<>();

  private final ExpressionParser expressions;
  private int loops;

  private StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    expressions = new ExpressionParser(tokens, namesRead);
  }

  /**
   * @throws TemplateException for a malformed template
   */
  static List<Statement> parse(String source) {
    StatementParser parser = new StatementParser(new TokenStream(Lexer.tokens(source)));
    return parser.body(Set.of());
  }

  /** Statements up to a block that begins with one of {@code ends}, whose name is then next. */
  private List<Statement> body(Set<String> ends) {
    tokens.enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> body.add(new Statement.Data(Text.ofTemplate(token.text())));
        case OUTPUT_BEGIN -> {
          body.add(new Statement.Output(token.line(), expressions.tuple()));
          tokens.expect(Token.Kind.OUTPUT_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          if (tokens.is(Token.Kind.NAME) && ends.contains(tokens.current().text())) {
            tokens.leave();
            return body;
          }
          body.add(statement());
          tokens.expect(Token.Kind.BLOCK_END, "'%}'");
        }
        default -> {
          if (!ends.isEmpty()) {
            throw tokens.error("a block is not closed with '{%% %s %%}'".formatted(last(ends)));
          }
          tokens.leave();
          return body;
        }
      }
    }
  }

  private static String last(Set<String> ends) {
    return ends.stream().filter(end -> end.startsWith("end")).findFirst().orElse("end");
  }

  /** The rest of a block's own tag, its body and the name of its end. */
  private List<Statement> blockBody(String end) {
    List<Statement> body = bodyUntil(Set.of(end));
    tokens.expectName(end);
    return body;
  }

  private List<Statement> bodyUntil(Set<String> ends) {
    tokens.skipOperator(":");
    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    return body(ends);
  }

  /** A body that {@code break} and {@code continue} cannot leave. */
  private List<Statement> closedBody(String end) {
    int outer = loops;
    loops = 0;
    List<Statement> body = blockBody(end);
    loops = outer;
    return body;
  }

  private Statement statement() {
    Token token = tokens.expect(Token.Kind.NAME, "a block's name");
    int line = token.line();
    return switch (token.text()) {
      case "if" -> conditional(line);
      case "for" -> loop(line);
      case "set" -> assignment(line);
      case "macro" -> macro(line);
      case "call" -> callBlock(line);
      case "filter" ->
          new Statement.FilterBlock(line, expressions.blockFilters(), blockBody("endfilter"));
      case "with" -> with(line);
      case "generation" -> new Statement.Generation(closedBody("endgeneration"));
      case "print" -> new Statement.Output(line, expressions.tuple());
      case "break", "continue" -> {
        if (loops == 0) {
          throw tokens.error("'%s' stands outside a loop".formatted(token.text()));
        }
        yield token.text().equals("break") ? new Statement.Break() : new Statement.Continue();
      }
      default -> throw JinjaTemplate.malformed(unknown(token.text()), line);
    };
  }

  private static String unknown(String name) {
    return REFUSED.contains(name)
        ? "the block '%s' is not supported in chat templates".formatted(name)
        : "unknown block '%s'".formatted(name);
  }

  private Statement conditional(int firstLine) {
    List<Branch> branches = new ArrayList<>();
    Set<String> ends = Set.of("elif", "else", "endif");
    int line = firstLine;
    while (true) {
      Expression test = expressions.tupleBeforeIf();
      branches.add(new Branch(line, test, bodyUntil(ends)));
      Token end = tokens.next();
      switch (end.text()) {
        case "elif" -> line = end.line();
        case "else" -> {
          return new Statement.If(branches, blockBody("endif"));
        }
        default -> {
          return new Statement.If(branches, List.of());
        }
      }
    }
  }

  private Statement loop(int line) {
    Target target = targets(false);
    tokens.expectName("in");
    Expression items = expressions.tupleBeforeIf();
    Expression filter = tokens.skipName("if") ? expressions.expression() : null;
    boolean recursive = tokens.skipName("recursive");
    loops++;
    List<Statement> body = bodyUntil(Set.of("endfor", "else"));
    loops--;
    List<Statement> otherwise =
        tokens.next().isName("else") ? blockBody("endfor") : List.<Statement>of();
    return new Statement.For(line, target, items, filter, recursive, body, otherwise);
  }

  private Statement assignment(int line) {
    Target target = targets(true);
    if (tokens.skipOperator("=")) {
      return new Statement.Set(line, target, expressions.tuple());
    }
    Expression value =
        tokens.skipOperator("|") ? expressions.blockFilters() : new Expression.BlockText();
    return new Statement.SetBlock(line, target, value, blockBody("endset"));
  }

  private Target targets(boolean members) {
    List<Target> targets = new ArrayList<>();
    targets.add(oneTarget(members));
    boolean several = false;
    while (tokens.skipOperator(",")) {
      several = true;
      if ((!tokens.is(Token.Kind.NAME) && !tokens.isOperator("(")) || tokens.isName("in")) {
        break;
      }
      targets.add(oneTarget(members));
    }
    return several ? new Target.Several(targets) : targets.getFirst();
  }

  private Target oneTarget(boolean members) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = targets(members);
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    String name = variableName();
    if (members && tokens.skipOperator(".")) {
      namesRead.add(name);
      return new Target.Member(
          name, tokens.expect(Token.Kind.NAME, "a namespace member's name").text());
    }
    return new Target.Variable(name);
  }

  private String variableName() {
    Token token = tokens.expect(Token.Kind.NAME, "a variable's name");
    return switch (token.text()) {
      case "true", "True", "false", "False", "none", "None" ->
          throw tokens.error("cannot assign to '%s'".formatted(token.text()));
      default -> token.text();
    };
  }

  private Statement macro(int line) {
    String name = variableName();
    Set<String> outer = Set.copyOf(namesRead);
    namesRead.clear();
    Parameters parameters = parameters();
    List<Statement> body = closedBody("endmacro");
    Signature signature = parameters.signature(namesRead);
    namesRead.addAll(outer);
    return new Statement.Macro(line, name, signature, body);
  }

  private Statement callBlock(int line) {
    Parameters parameters =
        tokens.isOperator("(") ? parameters() : new Parameters(List.of(), Map.of());
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw tokens.error("expected a call after 'call'");
    }
    Set<String> outer = Set.copyOf(namesRead);
    namesRead.clear();
    List<Statement> body = closedBody("endcall");
    Signature signature = parameters.signature(namesRead);
    namesRead.addAll(outer);
    return new Statement.CallBlock(line, signature, call, body);
  }

  private record Parameters(List<String> names, Map<String, Expression> defaults) {
    Signature signature(Set<String> read) {
      return new Signature(
          names,
          defaults,
          read.contains("varargs"),
          read.contains("kwargs"),
          read.contains("caller"));
    }
  }

  private Parameters parameters() {
    tokens.expectOperator("(");
    List<String> names = new ArrayList<>();
    Map<String, Expression> defaults = new LinkedHashMap<>();
    while (!tokens.isOperator(")")) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = variableName();
      names.add(name);
      if (tokens.skipOperator("=")) {
        defaults.put(name, expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.error("parameter '%s' without default follows one with".formatted(name));
      }
    }
    tokens.expectOperator(")");
    return new Parameters(names, defaults);
  }

  private Statement with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.is(Token.Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(oneTarget(false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Statement.With(line, targets, values, blockBody("endwith"));
  }
}
