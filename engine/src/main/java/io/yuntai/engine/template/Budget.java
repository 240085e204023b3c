package io.yuntai.engine.template;

/**
 * What one rendering may use. A template is a program from a stranger's file: it ends by itself or
 * here.
 */
final class Budget {
  /** Longest rendered text, and longest string value, in UTF-16 code units. */
  static final int MAX_TEXT_CHARACTERS = 16 << 20;

  /**
   * All characters that string values may take together, live or not; a list's element counts as
   * {@link #CHARACTERS_PER_ELEMENT}. Holds the heap under some 300 MB in the worst case.
   */
  static final long MAX_TOTAL_CHARACTERS = 64L << 20;

  static final int CHARACTERS_PER_ELEMENT = 32;

  /** Evaluated nodes and visited elements; about a second of one core. */
  static final long MAX_STEPS = 10_000_000;

  /** Nested evaluations, macro calls included; a few hundred bytes of stack each. */
  static final int MAX_DEPTH = 500;

  private long steps;
  private long characters;
  private int depth;

  void step() {
    if (++steps > MAX_STEPS) {
      throw new RenderFailure(
          "the template takes more than %,d steps; it loops too long".formatted(MAX_STEPS));
    }
  }

  /** Counts reading so many characters; sixteen weigh as much as one node. */
  void work(long characters) {
    steps += characters >> 4;
    step();
  }

  void enter() {
    step();
    if (++depth > MAX_DEPTH) {
      throw new RenderFailure("the template nests more than %d evaluations".formatted(MAX_DEPTH));
    }
  }

  void leave() {
    depth--;
  }

  /** Counts characters about to be made. */
  void characters(long count) {
    characters += count;
    if (count > MAX_TEXT_CHARACTERS || characters > MAX_TOTAL_CHARACTERS) {
      throw new RenderFailure(
          "the template makes more than %,d characters of text".formatted(MAX_TOTAL_CHARACTERS));
    }
  }

  /** Counts elements about to be made. */
  void elements(long count) {
    if (count > MAX_TOTAL_CHARACTERS / CHARACTERS_PER_ELEMENT) {
      throw new RenderFailure("the template makes a list of %,d elements".formatted(count));
    }
    characters(0);
    characters += count * CHARACTERS_PER_ELEMENT;
    characters(0);
  }
}
