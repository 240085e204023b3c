package io.yuntai.console.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What stands where a row and a column meet. */
public sealed interface Cell {
  /** Words. */
  record Text(String text) implements Cell {}

  /**
   * Words that a person's language writes in a way of its own, such as a stretch of days.
   *
   * @param raw for programs
   */
  record Worded(String text, String raw) implements Cell {}

  /**
   * A number, to the right.
   *
   * @param text as the person's language writes it, with its unit
   * @param raw for programs: digits with a point
   */
  record Figure(String text, String raw) implements Cell {
    /** The same with the page that proves it. */
    public Proven provenAt(String href) {
      return new Proven(this, href);
    }
  }

  /** A number that leads to its proof. */
  record Proven(Figure figure, String href) implements Cell {}

  /** An id or another thing to be copied. */
  record Code(String text) implements Cell {}

  /** A point in time, told by its age. */
  record Time(Instant at) implements Cell {}

  /** Words that lead somewhere. */
  record Link(String text, String href) implements Cell {}

  /** A state. */
  record Badge(String text, Tone tone) implements Cell {}

  /** What can be done to the row. */
  record Buttons(List<Button> buttons) implements Cell {}

  /**
   * One of a few, which the reader may change; sends a small form.
   *
   * @param label for who does not see the column's head
   * @param action where it is sent
   * @param fields what is sent besides
   * @param name of the field
   * @param options what may be chosen: value and label, in order
   * @param chosen the value that is
   */
  record Choice(
      String label,
      String action,
      Map<String, String> fields,
      String name,
      List<Map.Entry<String, String>> options,
      String chosen)
      implements Cell {}

  /** Nothing. */
  record Nothing() implements Cell {}

  /** How something stands. */
  enum Tone {
    /** As it should be. */
    OK,
    /** To be looked at. */
    WARN,
    /** Not as it should be. */
    BAD,
    /** Neither. */
    PLAIN;

    /** In names of classes of the style. */
    public String style() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * Sends a small form.
   *
   * @param label on it
   * @param action where it is sent
   * @param fields what is sent
   * @param confirm asked before; empty for no question
   */
  record Button(String label, String action, Map<String, String> fields, String confirm) {}

  /** Whether it is a number. */
  default boolean isFigure() {
    return this instanceof Figure || this instanceof Proven;
  }

  /** For programs. */
  default String raw() {
    return switch (this) {
      case Text(String text) -> text;
      case Worded(String _, String raw) -> raw;
      case Figure(String _, String raw) -> raw;
      case Proven(Figure figure, String _) -> figure.raw();
      case Code(String text) -> text;
      case Time(Instant at) -> at.toString();
      case Link(String text, String _) -> text;
      case Badge(String text, Tone _) -> text;
      case Choice choice -> choice.chosen();
      case Buttons _, Nothing _ -> "";
    };
  }
}
