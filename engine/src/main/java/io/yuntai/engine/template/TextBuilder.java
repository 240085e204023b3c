package io.yuntai.engine.template;

import java.util.BitSet;

/** Puts strings together, within the budget, keeping each character's origin. */
final class TextBuilder {
  private final Budget budget;
  private final StringBuilder chars = new StringBuilder();
  private final BitSet request = new BitSet(0);

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  TextBuilder append(Text text) {
    return append(text, 0, text.length());
  }

  TextBuilder append(Text text, int start, int end) {
    int shift = chars.length() - start;
    reserve(end - start);
    chars.append(text.chars, start, end);
    BitSet from = text.request();
    int at = from.nextSetBit(start);
    while (at >= 0 && at < end) {
      int stop = Math.min(from.nextClearBit(at), end);
      request.set(shift + at, shift + stop);
      at = from.nextSetBit(stop);
    }
    return this;
  }

  /** Appends characters of the template's, or of this interpreter's own. */
  TextBuilder append(String text) {
    reserve(text.length());
    chars.append(text);
    return this;
  }

  /** Appends characters that stand for {@code source}, such as an escape. */
  TextBuilder appendFor(Text source, int index, String text) {
    int start = chars.length();
    append(text);
    if (source.request().get(index)) {
      request.set(start, chars.length());
    }
    return this;
  }

  TextBuilder repeat(Text text, long times) {
    if (times > 0 && text.length() > 0) {
      budget.characters(Math.multiplyExact(Math.min(times, Integer.MAX_VALUE), text.length()));
      for (long i = 0; i < times; i++) {
        append(text);
      }
    }
    return this;
  }

  int length() {
    return chars.length();
  }

  private void reserve(int count) {
    budget.characters(count);
    if (chars.length() + (long) count > Budget.MAX_TEXT_CHARACTERS) {
      throw new RenderFailure(
          "the template makes a text of more than %,d characters"
              .formatted(Budget.MAX_TEXT_CHARACTERS));
    }
  }

  Text build() {
    return request.isEmpty()
        ? Text.ofTemplate(chars.toString())
        : new Text(chars.toString(), request);
  }
}
