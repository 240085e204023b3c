package io.yuntai.console.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * What is more or less urgent.
   *
   * @param urgency for who does not see the tone
   */
  record Alert(String urgency, String text, Tone tone) implements Cell {}

  /**
   * Words that may be of another language than the page.
   *
   * @param language its tag; null for the page's
   */
  record Said(String text, @Nullable String language) implements Cell {}

  /** What is expected, not known. */
  record Estimate(String text, String raw) implements Cell {}

  /**
   * A part of a whole, as a bar and as a number.
   *
   * @param label what it is of
   * @param percent 0 to 100, for the bar
   * @param text the same, not cut
   * @param raw for programs
   */
  record Share(String label, int percent, String text, Tone tone, String raw) implements Cell {}

  /**
   * What a row of a tree is of.
   *
   * @param level how deep it lies, 0 for the root
   * @param kind what kind of thing, for who does not see how deep it lies
   * @param href where it leads; empty for nowhere
   */
  record Branch(int level, String kind, String text, String href) implements Cell {}

  /**
   * Forms that change the row, which a button shows.
   *
   * @param label on the button
   * @param links above the forms
   */
  record Edit(String label, List<Link> links, List<Form> forms) implements Cell {
    /** Copies the lists. */
    public Edit {
      links = List.copyOf(links);
      forms = List.copyOf(forms);
    }
  }

  /**
   * A small form.
   *
   * @param button what sends it; its action, its label, its question
   * @param style of the button: {@code main}, {@code danger}, or empty
   */
  record Form(List<Input> inputs, Button button, String style) {}

  /**
   * What is typed or chosen.
   *
   * @param options what may be chosen, value and label; empty for what is typed
   */
  record Input(String label, String name, String value, List<Map.Entry<String, String>> options) {}

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
    return this instanceof Figure || this instanceof Proven || this instanceof Share;
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
      case Alert(String _, String text, Tone _) -> text;
      case Said(String text, String _) -> text;
      case Estimate(String _, String raw) -> raw;
      case Share share -> share.raw();
      case Branch branch -> branch.text();
      case Choice choice -> choice.chosen();
      case Buttons _, Edit _, Nothing _ -> "";
    };
  }
}
