package io.yuntai.engine.template;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value in a template, with Python's types. Nothing else is reachable from a template.
 *
 * <p>All are immutable to templates (Hugging Face renders in Jinja's immutable sandbox), except
 * {@link Namespace}, {@link Stream} and functions with a state of their own.
 */
sealed interface Value
    permits Text,
        Dict,
        Value.None,
        Value.Undefined,
        Value.Bool,
        Value.Int,
        Value.Real,
        Value.ListValue,
        Value.Tuple,
        Value.DictView,
        Value.Range,
        Value.Stream,
        Value.Namespace,
        Value.Function {
  /** Python's {@code None}. */
  enum None implements Value {
    NONE
  }

  /**
   * What an unknown name or attribute gives: empty where printed, an error where used.
   *
   * @param reason the error's message
   */
  record Undefined(String reason) implements Value {}

  /** A truth value; an integer too, as in Python. */
  enum Bool implements Value {
    FALSE,
    TRUE;

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }

  /** An integer of any size. */
  record Int(BigInteger value) implements Value {
    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }
  }

  /** A floating-point number. */
  record Real(double value) implements Value {}

  /** A list. */
  record ListValue(List<Value> items) implements Value {}

  /**
   * A tuple.
   *
   * @param items its elements
   * @param names names of its elements where it has such, else empty
   */
  record Tuple(List<Value> items, List<String> names) implements Value {
    Tuple(List<Value> items) {
      this(items, List.of());
    }
  }

  /** A dictionary's keys, values or items, seen through it. */
  record DictView(Part part, Dict dict) implements Value {
    enum Part {
      KEYS,
      VALUES,
      ITEMS
    }
  }

  /** Integers from {@code start} to before {@code stop}; {@code step} is not 0. */
  record Range(long start, long stop, long step) implements Value {
    /** Jinja's sandbox allows no longer ones. */
    static final int MAX_LENGTH = 100_000;

    int length() {
      long span = step > 0 ? stop - start : start - stop;
      return span <= 0 ? 0 : (int) ((span - 1) / Math.abs(step) + 1);
    }

    Value get(int index) {
      return Int.of(start + index * step);
    }
  }

  /** A generator: gives its elements once. */
  record Stream(Iterator<Value> rest) implements Value {}

  /** What {@code namespace()} makes: the only variables that outlive a loop's body. */
  final class Namespace implements Value {
    private final Map<String, Value> members = new LinkedHashMap<>();

    Map<String, Value> members() {
      return members;
    }
  }

  /**
   * Something to call.
   *
   * @param name for messages
   * @param body what it does
   * @param members its attributes, such as a loop's {@code index}
   */
  record Function(String name, Body body, Members members) implements Value {
    /** What a function does. */
    interface Body {
      Value call(Evaluator evaluator, Arguments arguments);
    }

    /** A function's attributes. */
    interface Members {
      @Nullable Value get(String name);
    }

    Function(String name, Body body) {
      this(name, body, member -> null);
    }
  }
}
