package io.yuntai.server.output;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Follows one JSON object (RFC 8259), character by character, without keeping it: where it ends,
 * and the first character that can't be part of it. For one thread.
 */
final class JsonScanner {
  /** Deepest nesting; Jackson's own readers here take as much. */
  private static final int MAX_DEPTH = 500;

  /** How a text goes on. */
  enum State {
    /** There must be more. */
    OPEN,
    /** The object's last brace was read. */
    COMPLETE,
    /** The last character can't stand where it does. */
    BROKEN
  }

  private enum Expect {
    OBJECT,
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    COMMA_OR_END,
    STRING,
    NAME_STRING,
    ESCAPE,
    NUMBER,
    WORD
  }

  private static final String BLANKS = " \t\r\n";

  private final Deque<Character> open = new ArrayDeque<>();
  private Expect expect = Expect.OBJECT;
  private Expect escapedIn = Expect.STRING;
  private int hexDigitsLeft;
  private String wordLeft = "";
  private NumberState number = NumberState.SIGN;

  private enum NumberState {
    SIGN,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS;

    boolean mayEnd() {
      return this == ZERO || this == INTEGER || this == FRACTION || this == EXPONENT_DIGITS;
    }
  }

  /** How many objects and arrays are open. */
  int depth() {
    return open.size();
  }

  /** Takes the next character; nothing more may come after anything but {@link State#OPEN}. */
  State next(char c) {
    return switch (expect) {
      case STRING, NAME_STRING -> string(c);
      case ESCAPE -> escape(c);
      case NUMBER -> number(c);
      case WORD -> word(c);
      default -> BLANKS.indexOf(c) >= 0 ? State.OPEN : structure(c);
    };
  }

  private State structure(char c) {
    return switch (expect) {
      case OBJECT -> c == '{' ? open(c) : State.BROKEN;
      case VALUE -> value(c);
      case VALUE_OR_END -> c == ']' ? close('[') : value(c);
      case NAME -> c == '"' ? to(Expect.NAME_STRING) : State.BROKEN;
      case NAME_OR_END -> c == '}' ? close('{') : c == '"' ? to(Expect.NAME_STRING) : State.BROKEN;
      case COLON -> c == ':' ? to(Expect.VALUE) : State.BROKEN;
      case COMMA_OR_END -> afterValue(c);
      default -> throw new IllegalStateException(expect.name());
    };
  }

  private State value(char c) {
    return switch (c) {
      case '{', '[' -> open(c);
      case '"' -> to(Expect.STRING);
      case 't' -> word("rue");
      case 'f' -> word("alse");
      case 'n' -> word("ull");
      case '-' -> number(NumberState.SIGN);
      case '0' -> number(NumberState.ZERO);
      default -> c >= '1' && c <= '9' ? number(NumberState.INTEGER) : State.BROKEN;
    };
  }

  private State afterValue(char c) {
    char container = open.getFirst();
    return switch (c) {
      case ',' -> to(container == '{' ? Expect.NAME : Expect.VALUE);
      case '}' -> close('{');
      case ']' -> close('[');
      default -> State.BROKEN;
    };
  }

  private State open(char c) {
    if (open.size() == MAX_DEPTH) {
      return State.BROKEN;
    }
    open.push(c);
    return to(c == '{' ? Expect.NAME_OR_END : Expect.VALUE_OR_END);
  }

  private State close(char opened) {
    if (open.getFirst() != opened) {
      return State.BROKEN;
    }
    open.pop();
    return open.isEmpty() ? State.COMPLETE : to(Expect.COMMA_OR_END);
  }

  private State string(char c) {
    if (c == '"') {
      return to(expect == Expect.NAME_STRING ? Expect.COLON : Expect.COMMA_OR_END);
    }
    if (c == '\\') {
      escapedIn = expect;
      hexDigitsLeft = 0;
      return to(Expect.ESCAPE);
    }
    return c < ' ' ? State.BROKEN : State.OPEN;
  }

  private State escape(char c) {
    if (hexDigitsLeft > 0) {
      hexDigitsLeft--;
      boolean last = hexDigitsLeft == 0;
      return Character.digit(c, 16) < 0 || c > 'f'
          ? State.BROKEN
          : last ? to(escapedIn) : State.OPEN;
    }
    if (c == 'u') {
      hexDigitsLeft = 4;
      return State.OPEN;
    }
    return "\"\\/bfnrt".indexOf(c) >= 0 ? to(escapedIn) : State.BROKEN;
  }

  private State word(String rest) {
    wordLeft = rest;
    return to(Expect.WORD);
  }

  private State word(char c) {
    if (wordLeft.charAt(0) != c) {
      return State.BROKEN;
    }
    wordLeft = wordLeft.substring(1);
    return wordLeft.isEmpty() ? to(Expect.COMMA_OR_END) : State.OPEN;
  }

  private State number(NumberState state) {
    number = state;
    return to(Expect.NUMBER);
  }

  private State number(char c) {
    boolean digit = c >= '0' && c <= '9';
    NumberState after =
        switch (number) {
          case SIGN -> c == '0' ? NumberState.ZERO : digit ? NumberState.INTEGER : null;
          case ZERO -> afterInteger(c);
          case INTEGER -> digit ? NumberState.INTEGER : afterInteger(c);
          case POINT -> digit ? NumberState.FRACTION : null;
          case FRACTION -> digit ? NumberState.FRACTION : exponent(c);
          case EXPONENT ->
              c == '+' || c == '-'
                  ? NumberState.EXPONENT_SIGN
                  : digit ? NumberState.EXPONENT_DIGITS : null;
          case EXPONENT_SIGN, EXPONENT_DIGITS -> digit ? NumberState.EXPONENT_DIGITS : null;
        };
    if (after != null) {
      return number(after);
    }
    if (!number.mayEnd()) {
      return State.BROKEN;
    }
    expect = Expect.COMMA_OR_END;
    return next(c);
  }

  private static @Nullable NumberState afterInteger(char c) {
    return c == '.' ? NumberState.POINT : exponent(c);
  }

  private static @Nullable NumberState exponent(char c) {
    return c == 'e' || c == 'E' ? NumberState.EXPONENT : null;
  }

  private State to(Expect next) {
    expect = next;
    return State.OPEN;
  }
}
