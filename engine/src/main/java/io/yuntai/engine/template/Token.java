package io.yuntai.engine.template;

/**
 * A token of a template.
 *
 * @param kind what it is
 * @param text its text: of a string, without quotes and escapes
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {
  /** Kinds of tokens. */
  enum Kind {
    DATA,
    OUTPUT_BEGIN,
    OUTPUT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** For messages. */
  String describe() {
    return switch (kind) {
      case DATA -> "text";
      case OUTPUT_BEGIN -> "'{{'";
      case OUTPUT_END -> "'}}'";
      case BLOCK_BEGIN -> "'{%'";
      case BLOCK_END -> "'%}'";
      case END -> "the template's end";
      case NAME, STRING, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
    };
  }
}
