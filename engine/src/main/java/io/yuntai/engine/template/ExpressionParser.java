package io.yuntai.engine.template;

import io.yuntai.engine.template.Expression.Arithmetic;
import io.yuntai.engine.template.Expression.Attribute;
import io.yuntai.engine.template.Expression.Call;
import io.yuntai.engine.template.Expression.CallArguments;
import io.yuntai.engine.template.Expression.Comparison;
import io.yuntai.engine.template.Expression.Concatenation;
import io.yuntai.engine.template.Expression.Conditional;
import io.yuntai.engine.template.Expression.Constant;
import io.yuntai.engine.template.Expression.DictOf;
import io.yuntai.engine.template.Expression.Filtered;
import io.yuntai.engine.template.Expression.Item;
import io.yuntai.engine.template.Expression.ListOf;
import io.yuntai.engine.template.Expression.Logical;
import io.yuntai.engine.template.Expression.Name;
import io.yuntai.engine.template.Expression.Not;
import io.yuntai.engine.template.Expression.Operation;
import io.yuntai.engine.template.Expression.Pair;
import io.yuntai.engine.template.Expression.Signed;
import io.yuntai.engine.template.Expression.Slice;
import io.yuntai.engine.template.Expression.Tested;
import io.yuntai.engine.template.Expression.TupleOf;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions. Each method is one level of Jinja's precedence, the weakest binding first:
 * conditional, or, and, not, comparison, sum, concatenation, product, power, sign, filters and
 * tests, primary with attributes and calls.
 */
final class ExpressionParser {
  /** Longest chain of attributes, calls, filters and tests on one value. */
  private static final int MAX_CHAIN = 100;

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  /** Names that end a test without argument. */
  private static final Set<String> AFTER_TEST = Set.of("else", "or", "and");

  private final TokenStream tokens;

  /** Names that are read anywhere, which tells what a macro takes. */
  private final Set<String> namesRead;

  ExpressionParser(TokenStream tokens, Set<String> namesRead) {
    this.tokens = tokens;
    this.namesRead = namesRead;
  }

  /** One expression. */
  Expression expression() {
    tokens.enter();
    Expression then = or();
    while (tokens.skipName("if")) {
      Expression test = or();
      then = new Conditional(test, then, tokens.skipName("else") ? expression() : null);
    }
    tokens.leave();
    return then;
  }

  /** An expression, or several with commas between, which make a tuple. */
  Expression tuple() {
    return tuple(true, false);
  }

  /** As {@link #tuple()}, but {@code if} outside parentheses ends it. */
  Expression tupleBeforeIf() {
    return tuple(false, false);
  }

  private Expression tuple(boolean conditionals, boolean mayBeEmpty) {
    List<Expression> items = new ArrayList<>();
    boolean isTuple = false;
    while (!endsTuple()) {
      items.add(conditionals ? expression() : or());
      if (!tokens.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (isTuple || (items.isEmpty() && mayBeEmpty)) {
      return new TupleOf(items);
    }
    if (items.isEmpty()) {
      throw tokens.expected("an expression");
    }
    return items.getFirst();
  }

  private boolean endsTuple() {
    return tokens.is(Token.Kind.OUTPUT_END)
        || tokens.is(Token.Kind.BLOCK_END)
        || tokens.isOperator(")")
        || tokens.isName("recursive");
  }

  private Expression or() {
    Expression first = and();
    if (!tokens.isName("or")) {
      return first;
    }
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (tokens.skipName("or")) {
      operands.add(and());
    }
    return new Logical(false, operands);
  }

  private Expression and() {
    Expression first = not();
    if (!tokens.isName("and")) {
      return first;
    }
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (tokens.skipName("and")) {
      operands.add(not());
    }
    return new Logical(true, operands);
  }

  private Expression not() {
    if (tokens.skipName("not")) {
      tokens.enter();
      Expression operand = not();
      tokens.leave();
      return new Not(operand);
    }
    return comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    List<Operation> rest = new ArrayList<>();
    while (true) {
      if (tokens.is(Token.Kind.OPERATOR) && COMPARISONS.contains(tokens.current().text())) {
        rest.add(new Operation(tokens.next().text(), sum()));
      } else if (tokens.skipName("in")) {
        rest.add(new Operation("in", sum()));
      } else if (tokens.isName("not") && tokens.ahead().isName("in")) {
        tokens.next();
        tokens.next();
        rest.add(new Operation("notin", sum()));
      } else {
        return rest.isEmpty() ? first : new Comparison(first, rest);
      }
    }
  }

  private Expression sum() {
    Expression first = concatenation();
    List<Operation> rest = new ArrayList<>();
    while (tokens.isOperator("+") || tokens.isOperator("-")) {
      rest.add(new Operation(tokens.next().text(), concatenation()));
    }
    return rest.isEmpty() ? first : new Arithmetic(first, rest);
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Concatenation(parts);
  }

  private Expression product() {
    Expression first = power();
    List<Operation> rest = new ArrayList<>();
    while (tokens.isOperator("*")
        || tokens.isOperator("/")
        || tokens.isOperator("//")
        || tokens.isOperator("%")) {
      rest.add(new Operation(tokens.next().text(), power()));
    }
    return rest.isEmpty() ? first : new Arithmetic(first, rest);
  }

  private Expression power() {
    Expression first = unary(true);
    List<Operation> rest = new ArrayList<>();
    while (tokens.skipOperator("**")) {
      rest.add(new Operation("**", unary(true)));
    }
    return rest.isEmpty() ? first : new Arithmetic(first, rest);
  }

  private Expression unary(boolean withFilters) {
    Expression value;
    if (tokens.isOperator("-") || tokens.isOperator("+")) {
      tokens.enter();
      boolean negative = tokens.next().text().equals("-");
      value = new Signed(negative, unary(false));
      tokens.leave();
    } else {
      value = postfix(primary());
    }
    return withFilters ? filtersAndTests(value) : value;
  }

  private Expression primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(tokens.next().text());
      case STRING -> string();
      case INTEGER -> new Constant(integer(tokens.next()));
      case FLOAT ->
          new Constant(new Value.Real(Double.parseDouble(tokens.next().text().replace("_", ""))));
      default -> brackets();
    };
  }

  private Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Constant(Value.Bool.TRUE);
      case "false", "False" -> new Constant(Value.Bool.FALSE);
      case "none", "None" -> new Constant(Value.None.NONE);
      default -> {
        namesRead.add(name);
        yield new Name(name);
      }
    };
  }

  private Expression string() {
    StringBuilder text = new StringBuilder();
    while (tokens.is(Token.Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return new Constant(Text.ofTemplate(text.toString()));
  }

  private Expression brackets() {
    if (tokens.skipOperator("(")) {
      Expression value = tuple(true, true);
      tokens.expectOperator(")");
      return value;
    }
    if (tokens.skipOperator("[")) {
      List<Expression> items = new ArrayList<>();
      while (!tokens.isOperator("]")) {
        items.add(expression());
        if (!tokens.skipOperator(",")) {
          break;
        }
      }
      tokens.expectOperator("]");
      return new ListOf(items);
    }
    if (tokens.skipOperator("{")) {
      List<Pair> pairs = new ArrayList<>();
      while (!tokens.isOperator("}")) {
        Expression key = expression();
        tokens.expectOperator(":");
        pairs.add(new Pair(key, expression()));
        if (!tokens.skipOperator(",")) {
          break;
        }
      }
      tokens.expectOperator("}");
      return new DictOf(pairs);
    }
    throw tokens.expected("an expression");
  }

  private Value integer(Token token) {
    String digits = token.text().replace("_", "");
    int radix =
        digits.length() < 2
            ? 10
            : switch (digits.charAt(1) | 32) {
              case 'b' -> 2;
              case 'o' -> 8;
              case 'x' -> 16;
              default -> 10;
            };
    String body = radix == 10 ? digits : digits.substring(2);
    if (body.length() > 1000 || (radix == 10 && digits.matches("0+[1-9].*"))) {
      throw JinjaTemplate.malformed("'%.40s' is no integer".formatted(digits), token.line());
    }
    return new Value.Int(new BigInteger(body, radix));
  }

  private Expression postfix(Expression value) {
    Expression result = value;
    for (int i = 0; ; i++) {
      if (tokens.isOperator(".")) {
        result = attribute(result);
      } else if (tokens.isOperator("[")) {
        result = item(result);
      } else if (tokens.isOperator("(")) {
        result = new Call(result, arguments());
      } else {
        return result;
      }
      boundChain(i);
    }
  }

  private Expression attribute(Expression target) {
    tokens.next();
    if (tokens.is(Token.Kind.INTEGER)) {
      return new Item(target, new Constant(integer(tokens.next())));
    }
    return new Attribute(target, tokens.expect(Token.Kind.NAME, "an attribute's name").text());
  }

  private Expression item(Expression target) {
    tokens.next();
    @Nullable Expression[] bounds = new @Nullable Expression[3];
    int part = 0;
    while (!tokens.isOperator("]")) {
      if (tokens.skipOperator(":")) {
        if (++part > 2) {
          throw tokens.error("a slice has more than three parts");
        }
      } else if (bounds[part] == null) {
        bounds[part] = expression();
      } else {
        return tupleItem(target, bounds[part]);
      }
    }
    tokens.next();
    if (part > 0) {
      return new Slice(target, bounds[0], bounds[1], bounds[2]);
    }
    Expression index = bounds[0];
    if (index == null) {
      throw tokens.error("expected an index between '[' and ']'");
    }
    return new Item(target, index);
  }

  private Expression tupleItem(Expression target, @Nullable Expression first) {
    List<Expression> items = new ArrayList<>();
    if (first != null) {
      items.add(first);
    }
    while (tokens.skipOperator(",") && !tokens.isOperator("]")) {
      items.add(expression());
    }
    tokens.expectOperator("]");
    return new Item(target, new TupleOf(items));
  }

  /** Arguments in parentheses. */
  CallArguments arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Expression star = null;
    Expression doubleStar = null;
    while (!tokens.isOperator(")")) {
      if (tokens.skipOperator("**")) {
        doubleStar = expression();
      } else if (tokens.skipOperator("*")) {
        star = expression();
      } else if (tokens.is(Token.Kind.NAME) && tokens.ahead().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        if (named.put(name, expression()) != null) {
          throw tokens.error("argument '%s' is given twice".formatted(name));
        }
      } else if (named.isEmpty() && star == null && doubleStar == null) {
        positional.add(expression());
      } else {
        throw tokens.error("an argument without a name follows one with a name");
      }
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return new CallArguments(positional, named, star, doubleStar);
  }

  private Expression filtersAndTests(Expression value) {
    Expression result = value;
    for (int i = 0; ; i++) {
      if (tokens.isOperator("|")) {
        tokens.next();
        result = filter(result);
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.isOperator("(")) {
        result = new Call(result, arguments());
      } else {
        return result;
      }
      boundChain(i);
    }
  }

  /** The filters of a block: {@code name | name(arguments)}. */
  Expression blockFilters() {
    Expression result = filter(new Expression.BlockText());
    for (int i = 0; tokens.skipOperator("|"); i++) {
      result = filter(result);
      boundChain(i);
    }
    return result;
  }

  private Expression filter(Expression input) {
    String name = dottedName("a filter's name");
    CallArguments arguments = tokens.isOperator("(") ? arguments() : CallArguments.NONE;
    return new Filtered(input, name, arguments);
  }

  private Expression test(Expression input) {
    boolean negated = tokens.skipName("not");
    String name = dottedName("a test's name");
    CallArguments arguments = CallArguments.NONE;
    if (tokens.isOperator("(")) {
      arguments = arguments();
    } else if (startsTestArgument()) {
      if (tokens.isName("is")) {
        throw tokens.error("tests with 'is' cannot be chained");
      }
      arguments = new CallArguments(List.of(postfix(primary())), Map.of(), null, null);
    }
    Expression result = new Tested(input, name, arguments);
    return negated ? new Not(result) : result;
  }

  private boolean startsTestArgument() {
    return switch (tokens.current().kind()) {
      case NAME -> !AFTER_TEST.contains(tokens.current().text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> tokens.isOperator("[") || tokens.isOperator("{");
      default -> false;
    };
  }

  private String dottedName(String what) {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME, what).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME, what).text());
    }
    return name.toString();
  }

  private void boundChain(int length) {
    if (length >= MAX_CHAIN) {
      throw tokens.error("a value has more than %d attributes and filters".formatted(MAX_CHAIN));
    }
  }
}
