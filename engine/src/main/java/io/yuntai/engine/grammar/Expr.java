package io.yuntai.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A language over bytes, as a tree. Immutable; compared by value where that is cheap.
 *
 * <p>Whoever builds one keeps it productive: apart from {@link #NOTHING} itself, each expression
 * has at least one text. The factory methods see to it.
 */
public sealed interface Expr {
  /** The empty text. */
  Expr EMPTY = new Sequence(List.of());

  /** No text at all. */
  Expr NOTHING = new Choice(List.of());

  /** Whether the empty text is in it. */
  boolean nullable();

  /** How a text's characters stand in the bytes. */
  enum Encoding {
    /** In UTF-8. */
    RAW,
    /**
     * As the inside of a JSON string and its closing quotation mark, in every spelling that RFC
     * 8259 allows: characters in UTF-8, short escapes, {@code \\uXXXX} with surrogates in pairs.
     */
    JSON
  }

  /** Exactly these bytes, at least one. */
  record Literal(Bytes bytes) implements Expr {
    @Override
    public boolean nullable() {
      return false;
    }
  }

  /** A regular language; never an empty one. */
  record Text(Dfa dfa, Encoding encoding) implements Expr {
    @Override
    public boolean nullable() {
      return encoding == Encoding.RAW && dfa.accepts(dfa.start());
    }
  }

  /** Any of these byte strings, by their common beginnings; at least one, none empty. */
  record Words(List<Bytes> words) implements Expr {
    @Override
    public boolean nullable() {
      return false;
    }
  }

  /** One after the other. */
  record Sequence(List<Expr> parts) implements Expr {
    @Override
    public boolean nullable() {
      return parts.stream().allMatch(Expr::nullable);
    }
  }

  /** Any of these. */
  record Choice(List<Expr> choices) implements Expr {
    @Override
    public boolean nullable() {
      return choices.stream().anyMatch(Expr::nullable);
    }
  }

  /**
   * {@code min} to {@code max} times; -1 for no upper bound.
   *
   * @param part never nullable
   */
  record Repeat(Expr part, int min, int max) implements Expr {
    @Override
    public boolean nullable() {
      return min == 0;
    }
  }

  /**
   * An expression that is made when it is first needed, so that it may refer to itself. Two rules
   * that are equal have the same body.
   */
  non-sealed interface Rule extends Expr {
    /** What it stands for; a function of the rule's value. */
    Expr body();
  }

  /** Bytes that are compared by value. */
  record Bytes(byte[] value) {
    static Bytes of(String text) {
      return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes(byte[] theirs) && java.util.Arrays.equals(value, theirs);
    }

    @Override
    public int hashCode() {
      return java.util.Arrays.hashCode(value);
    }
  }

  /** Exactly this text, in UTF-8. */
  static Expr literal(String text) {
    return text.isEmpty() ? EMPTY : new Literal(Bytes.of(text));
  }

  /** A regular language. */
  static Expr text(Dfa dfa, Encoding encoding) {
    return dfa.isEmpty() ? NOTHING : new Text(dfa, encoding);
  }

  /** Any of these texts, in UTF-8; none of them empty. */
  static Expr words(List<String> texts) {
    if (texts.isEmpty()) {
      return NOTHING;
    }
    return texts.size() == 1
        ? literal(texts.getFirst())
        : new Words(texts.stream().distinct().map(Bytes::of).toList());
  }

  /** One after the other. */
  static Expr sequence(Expr... parts) {
    return sequence(List.of(parts));
  }

  /** One after the other. */
  static Expr sequence(List<Expr> parts) {
    List<Expr> flat = new ArrayList<>();
    for (Expr part : parts) {
      if (part.equals(NOTHING)) {
        return NOTHING;
      }
      if (part instanceof Sequence(List<Expr> inner)) {
        flat.addAll(inner);
      } else {
        flat.add(part);
      }
    }
    return flat.size() == 1 ? flat.getFirst() : new Sequence(List.copyOf(flat));
  }

  /** Any of these. */
  static Expr choice(Expr... choices) {
    return choice(List.of(choices));
  }

  /** Any of these. */
  static Expr choice(List<Expr> choices) {
    List<Expr> flat = new ArrayList<>();
    for (Expr choice : choices) {
      if (choice instanceof Choice(List<Expr> inner)) {
        flat.addAll(inner);
      } else {
        flat.add(choice);
      }
    }
    return flat.size() == 1 ? flat.getFirst() : new Choice(List.copyOf(flat));
  }

  /**
   * {@code min} to {@code max} times.
   *
   * @param max -1 for no upper bound
   */
  static Expr repeat(Expr part, int min, int max) {
    if (part.equals(NOTHING)) {
      return min == 0 ? EMPTY : NOTHING;
    }
    if (part.equals(EMPTY) || max == 0) {
      return EMPTY;
    }
    if (part.nullable()) {
      throw new IllegalArgumentException("a part that is repeated must not be empty");
    }
    return new Repeat(part, min, max);
  }
}
