package io.yuntai.engine.tokenizer;

import java.util.Random;

/** Texts that tokenizers might trip over. */
final class RandomTexts {
  private static final String[] FRAGMENTS = {
    " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "'s", "'LL", "<|x|>", "<", ">", "é",
        "e\u0301", "ß", "中文",
    "カ", "한", "٣", "½", "7", "42", "\u200D", "😀", "\u0000", "\u2581", "\uFFFD", "a", "the",
        "HELLO", "_", "!?"
  };

  private final Random random;

  RandomTexts(Random random) {
    this.random = random;
  }

  /** Up to 40 characters or fragments, from all planes; without unpaired surrogates. */
  String next() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> text.appendCodePoint(codePoint(0x110000));
        case 1 -> text.appendCodePoint(codePoint(0x3000));
        case 2 -> text.append((char) (' ' + random.nextInt(95)));
        default -> text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
      }
    }
    return text.toString();
  }

  /** Any UTF-16 units. */
  String nextUnits() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      boolean surrogate = random.nextInt(3) == 0;
      text.append((char) (surrogate ? 0xD800 + random.nextInt(0x800) : random.nextInt(0x10000)));
    }
    return text.toString();
  }

  private int codePoint(int bound) {
    int codePoint = random.nextInt(bound);
    return codePoint >= 0xD800 && codePoint < 0xE000 ? codePoint - 0x800 : codePoint;
  }
}
