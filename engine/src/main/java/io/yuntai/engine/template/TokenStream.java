package io.yuntai.engine.template;

import java.util.List;

/** Tokens under a reading head, with a bound on how deep their reader nests. */
final class TokenStream {
  /** Deepest nesting of expressions and blocks; each level is some fifteen stack frames. */
  private static final int MAX_NESTING = 100;

  private final List<Token> tokens;
  private int at;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token ahead() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean is(Token.Kind kind) {
    return current().kind() == kind;
  }

  boolean isName(String name) {
    return current().isName(name);
  }

  boolean isOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean skipName(String name) {
    boolean found = isName(name);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipOperator(String operator) {
    boolean found = isOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(Token.Kind kind, String what) {
    if (!is(kind)) {
      throw expected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw expected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw expected("'" + name + "'");
    }
  }

  TemplateException expected(String what) {
    return error("expected %s but found %s".formatted(what, current().describe()));
  }

  TemplateException error(String message) {
    return JinjaTemplate.malformed(message, current().line());
  }

  void enter() {
    if (++nesting > MAX_NESTING) {
      throw error("the template nests more than %d levels".formatted(MAX_NESTING));
    }
  }

  void leave() {
    nesting--;
  }
}
